package io.callsync.localstack.retell;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Sends bodies to the gateway, each signed afresh. */
final class SignedSender {

  static final Duration WEBHOOK_TIMEOUT = Duration.ofSeconds(10);
  static final Duration FUNCTION_TIMEOUT = Duration.ofMinutes(2);

  /**
   * What came back.
   *
   * @param status 0 where no answer came
   * @param failure why none came, or null
   */
  record Answer(int status, String body, @Nullable String failure) {
    static final Answer NONE = new Answer(0, "", null);
  }

  private final URI gateway;
  private final String apiKey;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .executor(threads)
          .build();

  SignedSender(URI gateway, String apiKey) {
    this.gateway = gateway;
    this.apiKey = apiKey;
  }

  Answer send(String path, byte[] body, Duration timeout) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header(
                RetellSignature.HEADER,
                RetellSignature.of(body, apiKey, System.currentTimeMillis()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), null);
    } catch (IOException e) {
      return new Answer(0, "", e.toString());
    }
  }
}

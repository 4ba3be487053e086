package io.callsync.localstack.calcom;

import io.callsync.localstack.http.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Sends signed webhooks, and never minds what becomes of them. */
final class Webhooks implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(threads)
          .build();
  private final Supplier<Settings> settings;
  private final Timings timings;

  Webhooks(Supplier<Settings> settings, Timings timings) {
    this.settings = settings;
    this.timings = timings;
  }

  /** Sends what the delivery says, in this thread, and returns when the receivers have answered. */
  void send(String uid, String trigger, Supplier<byte[]> body, Delivery delivery) {
    byte[] first = body.get();
    List<Future<?>> together = new ArrayList<>();
    for (int i = 0; i < delivery.copies(); i++) {
      byte[] copy = i == 0 || delivery.sameBody() ? first : body.get();
      if (delivery.atOnce()) {
        together.add(threads.submit(() -> post(uid, trigger, copy)));
      } else {
        post(uid, trigger, copy);
      }
    }
    for (Future<?> one : together) {
      try {
        one.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** As send, in the background, after the given wait. */
  void sendLater(
      long waitMs, String uid, String trigger, Supplier<byte[]> body, Delivery delivery) {
    threads.execute(
        () -> {
          if (pause(waitMs)) {
            send(uid, trigger, body, delivery);
          }
        });
  }

  private void post(String uid, String trigger, byte[] body) {
    Settings now = settings.get();
    if (now.webhookUrl().isEmpty()) {
      return;
    }
    long wait = now.webhookRetryMs();
    for (int attempt = 1; attempt <= now.webhookAttempts(); attempt++) {
      if (attempt > 1) {
        if (!pause(wait)) {
          return;
        }
        wait += wait / 2;
      }
      long sent = LoopbackServer.nowMicros();
      int status = postOnce(now, body);
      timings.sent(uid, new Timings.Sent(trigger, sent, LoopbackServer.nowMicros(), status));
      if (status / 100 == 2) {
        return;
      }
    }
  }

  private int postOnce(Settings now, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(now.webhookUrl()))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header(
                CalcomSignature.HEADER,
                now.webhookSecret().isEmpty()
                    ? "no-secret-provided"
                    : CalcomSignature.of(body, now.webhookSecret()))
            .header("X-Cal-Webhook-Version", "2021-10-20")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static boolean pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

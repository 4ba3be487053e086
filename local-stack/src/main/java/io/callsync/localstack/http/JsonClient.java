package io.callsync.localstack.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the parts of a stack and reads their JSON. */
public final class JsonClient {

  /** A part answered with an error, or not at all; the message is one line. */
  public static final class AnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AnswerException(String message) {
      super(message);
    }

    AnswerException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String operatorToken;

  /**
   * @param operatorToken sent as bearer token with every request
   */
  public JsonClient(String operatorToken) {
    this.operatorToken = operatorToken;
  }

  public JsonNode get(URI uri) {
    return send("GET", uri, "application/json", new byte[0]);
  }

  public JsonNode post(URI uri, Object body) {
    return send("POST", uri, "application/json", JsonMapper.shared().writeValueAsBytes(body));
  }

  public JsonNode put(URI uri, Object body) {
    return send("PUT", uri, "application/json", JsonMapper.shared().writeValueAsBytes(body));
  }

  public JsonNode send(String method, URI uri, String mediaType, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofMinutes(1))
            .header("Content-Type", mediaType)
            .header("Authorization", "Bearer " + operatorToken)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new AnswerException(
            "%s %s was answered with %d: %s"
                .formatted(method, uri, response.statusCode(), response.body()));
      }
      return JsonMapper.shared().readTree(response.body());
    } catch (IOException e) {
      throw new AnswerException(uri + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnswerException("interrupted while asking " + uri, e);
    }
  }
}

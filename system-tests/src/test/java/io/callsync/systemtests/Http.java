package io.callsync.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plain requests, and answers as they came. */
final class Http {

  /** An answer; status 0 where there was none. */
  record Answer(int status, String contentType, String text) {
    JsonNode json() {
      return JSON.readTree(text);
    }

    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  static final JsonMapper JSON = JsonMapper.shared();

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Http() {}

  /** A connection that breaks is an answer too: status 0. */
  static Answer send(String method, URI uri, Map<String, String> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      HttpResponse<String> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("content-type").orElse(""),
          response.body());
    } catch (IOException e) {
      return new Answer(0, "", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(Object json) {
    return JSON.writeValueAsBytes(json);
  }

  /** Where anything but success is a broken test. */
  static JsonNode require(String method, URI uri, Map<String, String> headers, byte[] body) {
    Answer answer = send(method, uri, headers, body);
    if (!answer.isSuccess()) {
      throw new UncheckedIOException(
          new IOException(
              "%s %s answered %d %s".formatted(method, uri, answer.status(), answer.text())));
    }
    return answer.text().isEmpty() ? JSON.createObjectNode() : answer.json();
  }
}

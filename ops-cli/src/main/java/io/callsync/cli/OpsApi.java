package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * The services' operators' API; every refusal becomes one sentence with the next step. On the JDK's
 * small old client: the new one takes longer to load than all the rest of a command.
 */
final class OpsApi {

  /** An answer that says there is no such thing; the caller knows what to look for instead. */
  static final class NotFound extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final Duration TO_CONNECT = Duration.ofSeconds(3);

  /** Until the answer goes on: a table of all calls may take the validator a while. */
  private static final Duration TO_ANSWER = Duration.ofMinutes(2);

  /** Writes a body as it is sent, for one that may be too large to hold. */
  interface Body {
    void write(OutputStream out) throws IOException;
  }

  private record Content(String type, Body body, boolean large) {
    Content(String type, byte[] bytes) {
      this(type, out -> out.write(bytes), false);
    }
  }

  private static final Content NOTHING = new Content("", new byte[0]);

  private final Installation installation;
  private final String reason;

  OpsApi(Installation installation) {
    this(installation, "by hand");
  }

  private OpsApi(Installation installation, String reason) {
    this.installation = installation;
    this.reason = reason;
  }

  /** The same, and what it changes is written down with this reason. */
  OpsApi because(String why) {
    return new OpsApi(installation, why);
  }

  /** The body of GET; close it. */
  InputStream get(Service service, String path) throws NotFound {
    return send(service, "GET", path, NOTHING);
  }

  /** The answer to POST of a YAML file. */
  Json post(Service service, String path, byte[] yaml) throws NotFound {
    return Json.parse(text(send(service, "POST", path, new Content("application/yaml", yaml))));
  }

  /** The answer to POST of a JSON object. */
  Json post(Service service, String path, Map<String, ?> json) throws NotFound {
    byte[] bytes = Json.write(json).getBytes(StandardCharsets.UTF_8);
    return Json.parse(text(send(service, "POST", path, new Content("application/json", bytes))));
  }

  /** The answer to POST of files, as text. */
  String upload(Service service, String path, Body files) throws NotFound {
    return text(send(service, "POST", path, new Content("application/zip", files, true)));
  }

  /** The answer to DELETE. */
  Json delete(Service service, String path) throws NotFound {
    return Json.parse(text(send(service, "DELETE", path, NOTHING)));
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String text(InputStream body) {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw brokenOff(e);
    }
  }

  static CommandFailure brokenOff(Exception e) {
    return new CommandFailure(
        "The answer broke off before its end: look at ./appointments status and try again.", e);
  }

  private InputStream send(Service service, String method, String path, Content content)
      throws NotFound {
    URI base = installation.addressOf(service);
    try {
      var request =
          (HttpURLConnection)
              URI.create(base.toString().replaceAll("/+$", "") + path).toURL().openConnection();
      request.setConnectTimeout((int) TO_CONNECT.toMillis());
      request.setReadTimeout((int) TO_ANSWER.toMillis());
      request.setInstanceFollowRedirects(false);
      request.setRequestProperty("Authorization", "Bearer " + installation.token());
      request.setRequestProperty("Accept", "application/json, application/problem+json");
      request.setRequestMethod(method);
      if (!method.equals("GET")) {
        request.setRequestProperty("X-Callsync-Reason", segment(reason));
      }
      if (method.equals("POST")) {
        request.setDoOutput(true);
        request.setRequestProperty("Content-Type", content.type());
        if (content.large()) {
          request.setChunkedStreamingMode(0);
        }
        try (OutputStream out = request.getOutputStream()) {
          content.body().write(out);
        }
      }
      return switch (request.getResponseCode()) {
        case 200 -> request.getInputStream();
        case 401, 403 ->
            throw new CommandFailure(
                "The %s at %s refuses the operator's token: set CALLSYNC_OPERATOR_TOKEN to its own, or unset it to use what ./appointments up wrote."
                    .formatted(service.displayName(), base));
        case 404 -> throw new NotFound();
        default -> throw refusal(service, request);
      };
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw new CommandFailure.NotNow(
          "The %s does not answer at %s: run ./appointments up (./appointments status shows what runs)."
              .formatted(service.displayName(), base),
          e);
    }
  }

  private static CommandFailure refusal(Service service, HttpURLConnection answer)
      throws IOException {
    String detail = "";
    InputStream problem = answer.getErrorStream();
    if (problem != null) {
      try {
        detail = Json.parse(text(problem)).at("detail").text();
      } catch (RuntimeException notJson) {
        detail = "";
      }
    }
    String sentence =
        detail.isEmpty()
            ? "The %s answered %d: its log says more (./appointments status names it)."
                .formatted(service.displayName(), answer.getResponseCode())
            : detail;
    return switch (answer.getResponseCode()) {
      case 400 -> new CommandFailure.Refused(sentence);
      case 409, 503 -> new CommandFailure.NotNow(sentence);
      default -> new CommandFailure(sentence);
    };
  }
}

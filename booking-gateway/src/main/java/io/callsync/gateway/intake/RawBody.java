package io.callsync.gateway.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The request's bytes exactly as received: signatures are over these and nothing else. */
public final class RawBody {

  /** Retell's call objects hold the transcript three times over; several megabytes are normal. */
  static final int LIMIT = 8 * 1024 * 1024;

  private RawBody() {}

  /**
   * @throws IntakeException where the body is too large or not JSON by its content type
   */
  public static byte[] read(HttpServletRequest request) throws IOException {
    if (!isJson(request.getContentType())) {
      throw new IntakeException(
          415, "content_type_wrong", "Send the body as application/json; nothing was stored.");
    }
    if (request.getContentLengthLong() > LIMIT) {
      throw tooLarge();
    }
    byte[] body = request.getInputStream().readNBytes(LIMIT + 1);
    if (body.length > LIMIT) {
      throw tooLarge();
    }
    return body;
  }

  private static boolean isJson(String contentType) {
    try {
      return contentType != null
          && MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.parseMediaType(contentType));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  private static IntakeException tooLarge() {
    return new IntakeException(
        413, "body_too_large", "The body is larger than 8 MiB; nothing was stored.");
  }
}

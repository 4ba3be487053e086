package io.callsync.gateway.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/** The request's bytes exactly as received: signatures are over these and nothing else. */
public final class RawBody {

  private RawBody() {}

  /**
   * @throws IntakeException where the body is too large or not JSON by its content type
   */
  public static byte[] read(HttpServletRequest request, DataSize limit) throws IOException {
    if (!isJson(request.getContentType())) {
      throw new IntakeException(
          415, "content_type_wrong", "Send the body as application/json; nothing was stored.");
    }
    int most = Math.toIntExact(limit.toBytes());
    if (request.getContentLengthLong() > most) {
      throw tooLarge(limit);
    }
    byte[] body = request.getInputStream().readNBytes(most + 1);
    if (body.length > most) {
      throw tooLarge(limit);
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

  private static IntakeException tooLarge(DataSize limit) {
    return new IntakeException(
        413,
        "body_too_large",
        "The body is larger than %d KiB; nothing was stored.".formatted(limit.toKilobytes()));
  }
}

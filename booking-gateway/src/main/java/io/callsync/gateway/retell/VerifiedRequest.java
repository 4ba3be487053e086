package io.callsync.gateway.retell;

import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.intake.SafeJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body that Retell signed (X-Retell-Signature: v=MILLIS,d=HEX): HMAC-SHA256 keyed by the API key
 * over the raw bytes followed by the timestamp's digits, at most five minutes away from now. There
 * is no other way to make one.
 */
public final class VerifiedRequest {

  static final long WINDOW_MS = 300_000;

  private static final Pattern HEADER = Pattern.compile("v=([1-9]\\d{0,15}),d=([0-9a-f]{64})");

  /** What the body says without its secrets, and the bytes to keep of it. */
  private record Content(ObjectNode json, byte[] kept) {}

  private final Connection connection;
  private final byte[] body;
  private @Nullable Content content;

  private VerifiedRequest(Connection connection, byte[] body) {
    this.connection = connection;
    this.body = body;
  }

  /** Whose key signed. */
  Connection connection() {
    return connection;
  }

  /**
   * The body without its secrets.
   *
   * @throws io.callsync.gateway.intake.IntakeException where it is not a JSON object of sane depth
   */
  ObjectNode json() {
    return content().json();
  }

  /** The bytes to keep: as received, except where a secret had to be cut out. */
  byte[] keepable() {
    return content().kept();
  }

  /** Read once however often it is asked for; a request belongs to one thread. */
  private Content content() {
    if (content == null) {
      ObjectNode json = SafeJson.object(body);
      byte[] kept = SafeJson.keepable(body, json);
      content = new Content(json, kept);
    }
    return content;
  }

  /**
   * Empty where the signature is missing, malformed, stale, or of none of the connection's keys.
   */
  public static Optional<VerifiedRequest> verify(
      byte[] body, @Nullable String header, Connection connection, Instant now) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher parts = HEADER.matcher(header);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String timestamp = parts.group(1);
    if (Math.abs(now.toEpochMilli() - Long.parseLong(timestamp)) > WINDOW_MS) {
      return Optional.empty();
    }
    byte[] given = HexFormat.of().parseHex(parts.group(2));
    for (String key : connection.retell().apiKeys()) {
      if (MessageDigest.isEqual(given, digest(body, timestamp, key))) {
        return Optional.of(new VerifiedRequest(connection, body));
      }
    }
    return Optional.empty();
  }

  /** The header that Retell would send with this body. */
  static String sign(byte[] body, String apiKey, Instant now) {
    String timestamp = String.valueOf(now.toEpochMilli());
    return "v=%s,d=%s"
        .formatted(timestamp, HexFormat.of().formatHex(digest(body, timestamp, apiKey)));
  }

  private static byte[] digest(byte[] body, String timestamp, String key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(body);
      return mac.doFinal(timestamp.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }
}

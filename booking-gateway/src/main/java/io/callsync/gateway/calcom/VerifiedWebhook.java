package io.callsync.gateway.calcom;

import io.callsync.gateway.connection.Connection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A body that Cal.com signed: HMAC-SHA256 over the raw bytes, lower-case hex in
 * X-Cal-Signature-256. There is no other way to make one.
 */
public final class VerifiedWebhook {

  private final Connection connection;
  private final byte[] body;

  private VerifiedWebhook(Connection connection, byte[] body) {
    this.connection = connection;
    this.body = body;
  }

  /** The name of the Cal.com account that signed. */
  String account() {
    return connection.name();
  }

  byte[] body() {
    return body;
  }

  /**
   * Empty where the signature is missing or of none of the connection's secrets; compared in
   * constant time.
   */
  public static Optional<VerifiedWebhook> verify(
      byte[] body, @Nullable String signature, Connection connection) {
    if (signature == null) {
      return Optional.empty();
    }
    byte[] given = signature.getBytes(StandardCharsets.US_ASCII);
    for (String secret : connection.calcom().webhookSecrets()) {
      if (MessageDigest.isEqual(given, sign(body, secret).getBytes(StandardCharsets.US_ASCII))) {
        return Optional.of(new VerifiedWebhook(connection, body));
      }
    }
    return Optional.empty();
  }

  /** The header that Cal.com would send with this body. */
  public static String sign(byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }
}

package io.callsync.localstack.retell;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhooks and function calls as Retell does: HMAC-SHA256 over the exact body followed by the
 * digits of the time.
 */
public final class RetellSignature {

  /** The header that carries the signature. */
  public static final String HEADER = "X-Retell-Signature";

  private RetellSignature() {}

  /**
   * @param epochMillis the time of signing
   * @return the header's value, for instance v=1790000000000,d=df72...
   */
  public static String of(byte[] body, String apiKey, long epochMillis) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(apiKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(body);
      byte[] digest = mac.doFinal(Long.toString(epochMillis).getBytes(StandardCharsets.UTF_8));
      return "v=" + epochMillis + ",d=" + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}

package io.callsync.gateway.calcom;

import static io.callsync.gateway.connection.ConnectionFixture.signingWith;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test vectors of Cal.com's signature. */
class VerifiedWebhookTest {

  private static final String PING =
      "{\"triggerEvent\":\"PING\",\"createdAt\":\"2026-01-15T10:00:00.000Z\",\"payload\":{\"type\":\"Test\"}}";
  private static final String PING_SIGNATURE =
      "768db594e3e79398efa6fda192c3fc22c90d1159dc200aa2319463a3d6a4d69f";

  @Test
  void published_vectors_are_accepted() {
    assertThat(accepted(PING, PING_SIGNATURE, "whsec_test_1")).isTrue();
    assertThat(
            accepted(
                "{\"triggerEvent\":\"BOOKING_CREATED\",\"createdAt\":\"2026-01-15T10:00:00.000Z\",\"payload\":{\"uid\":\"bFJeNb2uX8ANpT3JL5EfXw\",\"bookingId\":4711,\"title\":\"Größe & Zoë – Prüfung\",\"metadata\":{\"gatewayRef\":\"ord-42\"}}}",
                "806d55e8ee6c7b630e12bda674af7b67c117172cae9c8bd416f0b8c228440581",
                "s3cr3t-ключ-é"))
        .isTrue();
    assertThat(
            accepted(
                "{\"triggerEvent\":\"MEETING_ENDED\",\"id\":4711,\"uid\":\"bFJeNb2uX8ANpT3JL5EfXw\",\"status\":\"ACCEPTED\",\"description\":\"line1\\nline2 \\\"q\\\"\",\"endTime\":\"2026-03-10T10:00:00.000Z\"}",
                "d3065d5a863218bdd493e316ddd7c1f39e49e27b497aa91b77ce6fc46932f469",
                "0123456789abcdef0123456789abcdef"))
        .isTrue();
    assertThat(
            accepted(
                "",
                "613eef55b8183675b83b016f30e001e09d5dc7950381cc5c54091d561bfdfff5",
                "whsec_test_1"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-secret-provided",
        "",
        "sha256=768db594e3e79398efa6fda192c3fc22c90d1159dc200aa2319463a3d6a4d69f",
        "768DB594E3E79398EFA6FDA192C3FC22C90D1159DC200AA2319463A3D6A4D69F",
        "068db594e3e79398efa6fda192c3fc22c90d1159dc200aa2319463a3d6a4d69f"
      })
  void every_other_signature_is_refused(String signature) {
    assertThat(accepted(PING, signature, "whsec_test_1")).isFalse();
  }

  @Test
  void a_missing_header_is_refused_and_both_secrets_are_accepted_during_rotation() {
    byte[] body = PING.getBytes(StandardCharsets.UTF_8);
    assertThat(VerifiedWebhook.verify(body, null, signingWith("whsec_test_1"))).isEmpty();
    assertThat(VerifiedWebhook.verify(body, PING_SIGNATURE, signingWith("new", "whsec_test_1")))
        .isPresent();
  }

  private static boolean accepted(String body, String signature, String secret) {
    return VerifiedWebhook.verify(
            body.getBytes(StandardCharsets.UTF_8), signature, signingWith(secret))
        .isPresent();
  }
}

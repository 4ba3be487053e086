package io.callsync.gateway.retell;

import static io.callsync.gateway.connection.ConnectionFixture.signingWith;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The test vectors of Retell's signature, with invented keys. */
class VerifiedRequestTest {

  private static final String KEY = "key_gateway_test_0001";
  private static final String STARTED =
      "{\"event\":\"call_started\",\"call\":{\"call_id\":\"call_a1b2c3\",\"call_type\":\"phone_call\",\"call_status\":\"ongoing\"}}";
  private static final String UMLAUTS =
      "{\"name\":\"book_appointment\",\"call\":{\"call_id\":\"call_a1b2c3\"},\"args\":{\"name\":\"Zoë Müller\",\"note\":\"café ☕ 10€\"}}";
  private static final String UMLAUTS_HEADER =
      "v=1790000012345,d=8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800";

  @Test
  void published_vectors_are_accepted() {
    assertThat(
            accepted(
                STARTED,
                "v=1790000000000,d=df72246d838b1f1fa2191d21ec68991715b8949516ab86ac61e180d074dd4c5f",
                KEY,
                1790000000000L))
        .isTrue();
    assertThat(accepted(UMLAUTS, UMLAUTS_HEADER, KEY, 1790000012345L)).isTrue();
    assertThat(
            accepted(
                "",
                "v=1790000099999,d=f143dbb6d87dc1ffdfc2c27bf8ec39c2c73fa9bcb17b8e40bb65da8126a5cbfd",
                KEY,
                1790000099999L))
        .isTrue();
    assertThat(
            accepted(
                "{\"name\":\"Ana\",\"start\":\"2026-12-01T10:00:00+01:00\"}\n",
                "v=1790000123456,d=4f814e1c6bcca1654beebf08963b381f438be460c9bedc24307d30780fa2e31a",
                "clé-ключ-🔑",
                1790000123456L))
        .isTrue();
    assertThat(
            accepted(
                "{\"event\":\"call_ended\"}",
                "v=1700000000000,d=07024cabe7dd8f6d1c6e4a8324ca92c812e6ad4a7ee506c04f7e462e3321823e",
                "test-api-key",
                1700000000000L))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"300000,true", "-300000,true", "300001,false", "-300001,false"})
  void five_minutes_either_way_are_accepted_and_no_more(long drift, boolean expected) {
    assertThat(accepted(UMLAUTS, UMLAUTS_HEADER, KEY, 1790000012345L + drift)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Digests of faulty signers: body only, timestamp first, a dot between, re-serialised
        // twice, wrong charset.
        "v=1790000012345,d=f3251e5b2cd2b8e0a9b0238d3f6c0bf258aa2cde66f788f8595138bd0e146b51",
        "v=1790000012345,d=1e235afc8d18e3498ef7db5d599495dcbb65b6c05944fc7fec9e51b598a57b58",
        "v=1790000012345,d=8b6cff9dbca5e4c400afa8c575cebb2b83816b6bf3b945327399aad90b5c60c7",
        "v=1790000012345,d=bd8d43d709627ce01563633145f812433d9a7fced0cc8b563d35c9830263872e",
        "v=1790000012345,d=f80f0d7e567ea1a192640be632fdda8df10fb0e7ae52f9509cb12af90448415e",
        "v=1790000012345,d=2b762886cac30d9e77242e2da58e5742fcaead33541b1f22e4fb3e051d539643",
        // Header forms that are not the contract.
        "v=1790000012345,d=8F0600E2267F08FB6AF297BFE14075144478C404267B5074E4745D5D0EDE9800",
        "v=1790000012345, d=8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800",
        "d=8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800,v=1790000012345",
        "v=1790000012345,d=8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800,x=1",
        "v=1790000012345,d=8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800\n",
        "v=1790000012,d=8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800",
        "v=99999999999999999999999,d=8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800",
        ""
      })
  void every_other_header_is_refused(String header) {
    assertThat(accepted(UMLAUTS, header, KEY, 1790000012345L)).isFalse();
  }

  @Test
  void a_missing_header_is_refused_and_a_second_key_is_accepted_during_rotation() {
    byte[] body = UMLAUTS.getBytes(StandardCharsets.UTF_8);
    Instant now = Instant.ofEpochMilli(1790000012345L);
    assertThat(VerifiedRequest.verify(body, null, signingWith(KEY), now)).isEmpty();
    assertThat(VerifiedRequest.verify(body, UMLAUTS_HEADER, signingWith("key_new", KEY), now))
        .isPresent();
  }

  @Test
  void a_token_is_cut_out_however_often_the_body_is_asked_for() {
    byte[] body =
        "{\"call\": {\"call_id\": \"call_a\", \"access_token\": \"opens\"}}"
            .getBytes(StandardCharsets.UTF_8);
    Instant now = Instant.ofEpochMilli(1790000012345L);
    VerifiedRequest request =
        VerifiedRequest.verify(body, VerifiedRequest.sign(body, KEY, now), signingWith(KEY), now)
            .orElseThrow();
    for (int n = 0; n < 2; n++) {
      assertThat(new String(request.keepable(), StandardCharsets.UTF_8))
          .contains("call_a")
          .doesNotContain("opens");
      assertThat(request.json().toString()).contains("call_a").doesNotContain("opens");
    }
  }

  private static boolean accepted(String body, String header, String key, long now) {
    return VerifiedRequest.verify(
            body.getBytes(StandardCharsets.UTF_8),
            header,
            signingWith(key),
            Instant.ofEpochMilli(now))
        .isPresent();
  }
}

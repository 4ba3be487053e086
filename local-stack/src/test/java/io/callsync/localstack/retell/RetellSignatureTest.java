package io.callsync.localstack.retell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetellSignatureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"event\":\"call_started\",\"call\":{\"call_id\":\"call_a1b2c3\",\"call_type\":\"phone_call\",\"call_status\":\"ongoing\"}}|key_gateway_test_0001|1790000000000|df72246d838b1f1fa2191d21ec68991715b8949516ab86ac61e180d074dd4c5f",
        "{\"name\":\"book_appointment\",\"call\":{\"call_id\":\"call_a1b2c3\"},\"args\":{\"name\":\"Zoë Müller\",\"note\":\"café ☕ 10€\"}}|key_gateway_test_0001|1790000012345|8f0600e2267f08fb6af297bfe14075144478c404267b5074e4745d5d0ede9800",
        "``|key_gateway_test_0001|1790000099999|f143dbb6d87dc1ffdfc2c27bf8ec39c2c73fa9bcb17b8e40bb65da8126a5cbfd",
        "`{\"name\":\"Ana\",\"start\":\"2026-12-01T10:00:00+01:00\"}\n`|clé-ключ-🔑|1790000123456|4f814e1c6bcca1654beebf08963b381f438be460c9bedc24307d30780fa2e31a",
        "{\"event\":\"call_ended\"}|test-api-key|1700000000000|07024cabe7dd8f6d1c6e4a8324ca92c812e6ad4a7ee506c04f7e462e3321823e"
      })
  void signs_as_retell_does(String body, String key, long millis, String digest) {
    assertThat(RetellSignature.of(body.getBytes(StandardCharsets.UTF_8), key, millis))
        .isEqualTo("v=%d,d=%s", millis, digest);
  }
}

package io.callsync.localstack.calcom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalcomSignatureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "whsec_test_1|{\"triggerEvent\":\"PING\",\"createdAt\":\"2026-01-15T10:00:00.000Z\",\"payload\":{\"type\":\"Test\"}}|768db594e3e79398efa6fda192c3fc22c90d1159dc200aa2319463a3d6a4d69f",
        "s3cr3t-ключ-é|{\"triggerEvent\":\"BOOKING_CREATED\",\"createdAt\":\"2026-01-15T10:00:00.000Z\",\"payload\":{\"uid\":\"bFJeNb2uX8ANpT3JL5EfXw\",\"bookingId\":4711,\"title\":\"Größe & Zoë – Prüfung\",\"metadata\":{\"gatewayRef\":\"ord-42\"}}}|806d55e8ee6c7b630e12bda674af7b67c117172cae9c8bd416f0b8c228440581",
        "0123456789abcdef0123456789abcdef|{\"triggerEvent\":\"MEETING_ENDED\",\"id\":4711,\"uid\":\"bFJeNb2uX8ANpT3JL5EfXw\",\"status\":\"ACCEPTED\",\"description\":\"line1\\nline2 \\\"q\\\"\",\"endTime\":\"2026-03-10T10:00:00.000Z\"}|d3065d5a863218bdd493e316ddd7c1f39e49e27b497aa91b77ce6fc46932f469",
        "whsec_test_1|``|613eef55b8183675b83b016f30e001e09d5dc7950381cc5c54091d561bfdfff5"
      })
  void signs_as_cal_com_does(String secret, String body, String expected) {
    assertThat(CalcomSignature.of(body.getBytes(StandardCharsets.UTF_8), secret))
        .isEqualTo(expected);
  }
}

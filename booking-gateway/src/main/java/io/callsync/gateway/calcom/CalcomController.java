package io.callsync.gateway.calcom;

import io.callsync.gateway.intake.IntakeException;
import io.callsync.gateway.intake.RawBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where Cal.com delivers its webhooks. */
@RestController
class CalcomController {

  private static final String SIGNATURE = "X-Cal-Signature-256";

  private final CalcomProperties properties;
  private final CalcomWebhooks webhooks;

  CalcomController(CalcomProperties properties, CalcomWebhooks webhooks) {
    this.properties = properties;
    this.webhooks = webhooks;
  }

  @PostMapping("/calcom/webhook")
  ResponseEntity<Void> webhook(HttpServletRequest request) throws IOException {
    byte[] body = RawBody.read(request);
    webhooks.accept(
        VerifiedWebhook.verify(body, request.getHeader(SIGNATURE), properties.webhookSecrets())
            .orElseThrow(() -> IntakeException.notSigned(SIGNATURE)));
    return ResponseEntity.noContent().build();
  }
}

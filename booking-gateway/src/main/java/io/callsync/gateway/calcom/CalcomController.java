package io.callsync.gateway.calcom;

import io.callsync.gateway.connection.Admission;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.connection.Connections;
import io.callsync.gateway.intake.IntakeException;
import io.callsync.gateway.intake.RawBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where Cal.com delivers its webhooks. */
@RestController
class CalcomController {

  private static final String SIGNATURE = "X-Cal-Signature-256";

  private final Connections connections;
  private final Admission admission;
  private final CalcomWebhooks webhooks;

  CalcomController(Connections connections, Admission admission, CalcomWebhooks webhooks) {
    this.connections = connections;
    this.admission = admission;
    this.webhooks = webhooks;
  }

  @PostMapping({"/calcom/webhook", "/calcom/{connection}/webhook"})
  ResponseEntity<Void> webhook(
      HttpServletRequest request, @PathVariable(required = false) @Nullable String connection)
      throws IOException {
    Connection from = connections.named(connection);
    byte[] body = RawBody.read(request, from.limits().body());
    VerifiedWebhook verified =
        VerifiedWebhook.verify(body, request.getHeader(SIGNATURE), from)
            .orElseThrow(() -> IntakeException.notSigned(SIGNATURE));
    admission.admit(from);
    webhooks.accept(verified);
    return ResponseEntity.noContent().build();
  }
}

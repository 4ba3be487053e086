package io.callsync.gateway.retell;

import io.callsync.gateway.connection.Admission;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.connection.Connections;
import io.callsync.gateway.intake.IntakeException;
import io.callsync.gateway.intake.RawBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where Retell delivers its events and calls the agent's functions. */
@RestController
class RetellController {

  private static final String SIGNATURE = "X-Retell-Signature";

  private final Connections connections;
  private final Admission admission;
  private final RetellWebhooks webhooks;
  private final Functions functions;
  private final InboundCall inbound;
  private final Clock clock;

  RetellController(
      Connections connections,
      Admission admission,
      RetellWebhooks webhooks,
      Functions functions,
      InboundCall inbound,
      Clock clock) {
    this.connections = connections;
    this.admission = admission;
    this.webhooks = webhooks;
    this.functions = functions;
    this.inbound = inbound;
    this.clock = clock;
  }

  @PostMapping({"/retell/webhook", "/retell/{connection}/webhook"})
  ResponseEntity<Map<String, Object>> webhook(
      HttpServletRequest request, @PathVariable(required = false) @Nullable String connection)
      throws IOException {
    VerifiedRequest verified = verified(request, connection);
    if (InboundCall.isInbound(verified.json())) {
      return ResponseEntity.ok(inbound.answer(verified));
    }
    webhooks.accept(verified);
    return ResponseEntity.noContent().build();
  }

  /** Asked before the agent picks up; writes nothing. */
  @PostMapping({"/retell/inbound", "/retell/{connection}/inbound"})
  Map<String, Object> inbound(
      HttpServletRequest request, @PathVariable(required = false) @Nullable String connection)
      throws IOException {
    return inbound.answer(verified(request, connection));
  }

  /** Ready to be pasted into Retell, one entry for each function. */
  @GetMapping("/retell/functions/schema")
  List<Map<String, Object>> schema() {
    return FunctionSchemas.all();
  }

  /** The function is named in the body. */
  @PostMapping({"/retell/functions", "/retell/{connection}/functions"})
  Map<String, Object> function(
      HttpServletRequest request, @PathVariable(required = false) @Nullable String connection)
      throws IOException {
    return answer(verified(request, connection), null);
  }

  @PostMapping({"/retell/functions/{name}", "/retell/{connection}/functions/{name}"})
  Map<String, Object> function(
      HttpServletRequest request,
      @PathVariable(required = false) @Nullable String connection,
      @PathVariable String name)
      throws IOException {
    return answer(verified(request, connection), name);
  }

  private Map<String, Object> answer(VerifiedRequest verified, @Nullable String name) {
    FunctionCall call = FunctionCall.of(verified.json(), name);
    return functions.answer(verified, call).fields();
  }

  private VerifiedRequest verified(HttpServletRequest request, @Nullable String connection)
      throws IOException {
    Connection from = connections.named(connection);
    byte[] body = RawBody.read(request, from.limits().body());
    VerifiedRequest verified =
        VerifiedRequest.verify(body, request.getHeader(SIGNATURE), from, clock.instant())
            .orElseThrow(() -> IntakeException.notSigned(SIGNATURE));
    admission.admit(from);
    return verified;
  }
}

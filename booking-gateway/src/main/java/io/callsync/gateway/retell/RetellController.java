package io.callsync.gateway.retell;

import io.callsync.gateway.intake.IntakeException;
import io.callsync.gateway.intake.RawBody;
import io.callsync.gateway.intake.SafeJson;
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
import tools.jackson.databind.node.ObjectNode;

/** Where Retell delivers its events and calls the agent's functions. */
@RestController
class RetellController {

  private static final String SIGNATURE = "X-Retell-Signature";

  private final RetellProperties properties;
  private final RetellWebhooks webhooks;
  private final Functions functions;
  private final InboundCall inbound;
  private final Clock clock;

  RetellController(
      RetellProperties properties,
      RetellWebhooks webhooks,
      Functions functions,
      InboundCall inbound,
      Clock clock) {
    this.properties = properties;
    this.webhooks = webhooks;
    this.functions = functions;
    this.inbound = inbound;
    this.clock = clock;
  }

  @PostMapping("/retell/webhook")
  ResponseEntity<Map<String, Object>> webhook(HttpServletRequest request) throws IOException {
    VerifiedRequest verified = verified(request);
    ObjectNode body = SafeJson.object(verified.body());
    if (InboundCall.isInbound(body)) {
      return ResponseEntity.ok(inbound.answer(body));
    }
    webhooks.accept(verified);
    return ResponseEntity.noContent().build();
  }

  /** Asked before the agent picks up; writes nothing. */
  @PostMapping("/retell/inbound")
  Map<String, Object> inbound(HttpServletRequest request) throws IOException {
    return inbound.answer(SafeJson.object(verified(request).body()));
  }

  /** Ready to be pasted into Retell, one entry for each function. */
  @GetMapping("/retell/functions/schema")
  List<Map<String, Object>> schema() {
    return FunctionSchemas.all();
  }

  /** The function is named in the body. */
  @PostMapping("/retell/functions")
  Map<String, Object> function(HttpServletRequest request) throws IOException {
    return answer(request, null);
  }

  @PostMapping("/retell/functions/{name}")
  Map<String, Object> function(HttpServletRequest request, @PathVariable String name)
      throws IOException {
    return answer(request, name);
  }

  private Map<String, Object> answer(HttpServletRequest request, @Nullable String name)
      throws IOException {
    VerifiedRequest verified = verified(request);
    FunctionCall call = FunctionCall.of(SafeJson.object(verified.body()), name);
    return functions.answer(verified, call).fields();
  }

  private VerifiedRequest verified(HttpServletRequest request) throws IOException {
    byte[] body = RawBody.read(request);
    return VerifiedRequest.verify(
            body, request.getHeader(SIGNATURE), properties.apiKeys(), clock.instant())
        .orElseThrow(() -> IntakeException.notSigned(SIGNATURE));
  }
}

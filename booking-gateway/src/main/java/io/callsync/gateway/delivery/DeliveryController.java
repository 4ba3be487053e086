package io.callsync.gateway.delivery;

import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What became of everything received. */
@RestController
class DeliveryController {

  private final DeliveryLedger ledger;

  DeliveryController(DeliveryLedger ledger) {
    this.ledger = ledger;
  }

  @GetMapping("/ops/deliveries/summary")
  Map<String, Object> summary() {
    Map<String, Long> counts = ledger.countByOutcome();
    return Map.of("total", counts.values().stream().mapToLong(Long::longValue).sum(), "by", counts);
  }
}

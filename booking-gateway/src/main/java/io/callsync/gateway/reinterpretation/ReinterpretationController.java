package io.callsync.gateway.reinterpretation;

import io.callsync.gateway.delivery.EventView;
import io.callsync.gateway.reinterpretation.Reinterpretation.Difference;
import io.callsync.gateway.reinterpretation.Reinterpretation.Page;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The operator's way to have kept deliveries read once more, a page a request. */
@RestController
class ReinterpretationController {

  private static final Logger log = LoggerFactory.getLogger(ReinterpretationController.class);

  private static final int MOST = 500;

  private final Reinterpretation reinterpretation;
  private final Clock clock;

  ReinterpretationController(Reinterpretation reinterpretation, Clock clock) {
    this.reinterpretation = reinterpretation;
    this.clock = clock;
  }

  /**
   * Whoever breaks off goes on with the last {@code next}, or begins anew: twice changes nothing.
   *
   * @param from of what was received then or later
   * @param to and before that time, by default now
   */
  @PostMapping("/ops/reinterpretation")
  ResponseEntity<?> page(
      @RequestParam String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "false") boolean dryRun,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.is("reinterpret", "from %s after delivery %d".formatted(from, after));
    if (dryRun) {
      operator.onlyShows();
    }
    Page page;
    try {
      Instant end = to == null ? clock.instant() : OffsetDateTime.parse(to).toInstant();
      page =
          reinterpretation.page(OffsetDateTime.parse(from).toInstant(), end, after, MOST, dryRun);
    } catch (DateTimeException unreadable) {
      return ResponseEntity.badRequest()
          .body(
              ProblemResponse.detail(
                  400,
                  "time_unreadable",
                  "from and to must be times such as 2026-03-10T09:30:00Z."));
    }
    String found =
        "%d of %d deliveries mean something else today"
            .formatted(page.differences().size(), page.looked());
    operator.cameTo(found);
    log.info("{}{}", found, dryRun ? ", dry run" : "");
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("looked", page.looked());
    answer.put("dryRun", dryRun);
    answer.put(
        "differences", page.differences().stream().map(ReinterpretationController::view).toList());
    answer.put("next", page.next());
    return ResponseEntity.ok(answer);
  }

  private static Map<String, Object> view(Difference difference) {
    return Map.of(
        "delivery", difference.delivery().id(),
        "receivedAt", difference.delivery().receivedAt(),
        "kind", difference.delivery().kind(),
        "events", List.copyOf(difference.events().stream().map(EventView::of).toList()));
  }
}

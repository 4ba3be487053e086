package io.callsync.gateway.directory;

import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Asks Cal.com whether the event types that a file names exist: ids are typed by hand. */
@Component
class EventTypeCheck {

  /** How long an operator waits for it; what was not asked until then is told. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * What became of it.
   *
   * @param unknown services, with the event type that their account does not have
   * @param unchecked how many could not be asked about
   */
  record Found(List<Map<String, Object>> unknown, int unchecked) {
    Map<String, Object> fields() {
      return Map.of("unknownEventTypes", unknown, "uncheckedEventTypes", unchecked);
    }
  }

  private final CalcomAccounts calcom;
  private final Clock clock;

  EventTypeCheck(CalcomAccounts calcom, Clock clock) {
    this.calcom = calcom;
    this.clock = clock;
  }

  Found of(DirectoryFile file) {
    Instant end = clock.instant().plus(PATIENCE);
    List<Map<String, Object>> unknown = new ArrayList<>();
    int unchecked = 0;
    boolean away = false;
    for (DirectoryFile.Entry entry : file.entries()) {
      if (entry.content() instanceof ServiceEntry service && service.active()) {
        away |= clock.instant().isAfter(end);
        try {
          if (away) {
            unchecked++;
          } else if (!calcom.of(service.calcomAccount()).hasEventType(service.eventTypeId())) {
            unknown.add(
                Map.of(
                    "company", service.companyId(),
                    "service", service.id(),
                    "name", service.name(),
                    "eventTypeId", service.eventTypeId()));
          }
        } catch (CalcomUnavailable silent) {
          away = true;
          unchecked++;
        }
      }
    }
    return new Found(unknown, unchecked);
  }
}

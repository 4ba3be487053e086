package io.callsync.validator.company;

import io.callsync.validator.rule.Severity;
import io.callsync.validator.rule.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A company's bookings by phone.
 *
 * @param booked of the last day, as the events say
 * @param linked of those, whose chain has no error
 * @param lastBookedAt within the last two weeks
 * @param bookedLately within the last two weeks
 * @param longestPause between two of those, null for fewer than two
 */
public record CompanyFigures(
    long companyId,
    long booked,
    long linked,
    @Nullable Instant lastBookedAt,
    long bookedLately,
    @Nullable Duration longestPause) {

  private static final int ENOUGH = 10;
  private static final int LEAST_PERCENT = 95;
  private static final Duration LEAST_SILENCE = Duration.ofDays(1);

  /** How many of the last day's bookings are linked; 100 where there was none. */
  public long linkPercent() {
    return booked == 0 ? 100 : linked * 100 / booked;
  }

  /**
   * What is wrong with the company as a whole; of a few bookings nothing is concluded. Silence is
   * measured by the company's own pauses: twice its longest one, and a day at least.
   */
  public List<Violation> validate(Instant now) {
    List<Violation> found = new ArrayList<>();
    if (booked >= ENOUGH && linkPercent() < LEAST_PERCENT) {
      found.add(
          violation(
              "LINK_RATE_LOW",
              Severity.ERROR,
              "Only %d of the %d phone bookings of company %d of the last day are linked."
                  .formatted(linked, booked, companyId),
              "appointments validate-chain",
              Map.of("booked", booked, "linked", linked)));
    }
    if (bookedLately >= ENOUGH && lastBookedAt != null && longestPause != null) {
      Duration usual = longestPause.multipliedBy(2);
      Duration most = usual.compareTo(LEAST_SILENCE) > 0 ? usual : LEAST_SILENCE;
      if (lastBookedAt.plus(most).isBefore(now)) {
        found.add(
            violation(
                "BOOKINGS_STOPPED",
                Severity.WARNING,
                "Company %d has had no phone booking since %s, longer than twice its longest pause."
                    .formatted(companyId, lastBookedAt),
                "appointments status",
                Map.of("last_booked_at", lastBookedAt)));
      }
    }
    return found;
  }

  private Violation violation(
      String rule, Severity severity, String message, String remedy, Map<String, ?> evidence) {
    var texts = new TreeMap<String, String>();
    evidence.forEach((name, value) -> texts.put(name, value.toString()));
    return new Violation(
        rule, severity, "company", String.valueOf(companyId), texts, message, remedy);
  }
}

package io.callsync.validator.ops;

import io.callsync.validator.check.Verdict;
import io.callsync.validator.company.CompanyFigures;
import io.callsync.validator.repair.Repairs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How things stand.
 *
 * @param bookingCalls calls with a booking or a wish; the sum of the five counts after it
 * @param checking with an error that is within its grace
 * @param pending with a wish that waits for its outcome
 * @param openViolations of every subject
 * @param pendingChecks chains that changed and were not looked at, or are within a grace
 * @param validatedUpTo all that people saw at this time has been looked at
 * @param companies with phone bookings within two weeks
 * @param selfRepair of the last hour
 * @param positions the next offset of each partition
 */
public record Summary(
    long bookingCalls,
    long linked,
    long broken,
    long checking,
    long pending,
    long notBooked,
    int openViolations,
    int pendingChecks,
    Instant validatedUpTo,
    List<Company> companies,
    Repairs.Figures selfRepair,
    SortedMap<String, Long> positions) {

  /**
   * A company's phone bookings.
   *
   * @param booked of the last day
   * @param linked of those, without an error
   */
  record Company(long companyId, long booked, long linked, @Nullable Instant lastBookedAt) {

    static Company of(CompanyFigures figures) {
      return new Company(
          figures.companyId(), figures.booked(), figures.linked(), figures.lastBookedAt());
    }
  }

  Summary withCounts(Map<Verdict, Long> counts) {
    return new Summary(
        counts.values().stream().mapToLong(Long::longValue).sum(),
        counts.getOrDefault(Verdict.LINKED, 0L),
        counts.getOrDefault(Verdict.BROKEN, 0L),
        counts.getOrDefault(Verdict.CHECKING, 0L),
        counts.getOrDefault(Verdict.PENDING, 0L),
        counts.getOrDefault(Verdict.NOT_BOOKED, 0L),
        openViolations,
        pendingChecks,
        validatedUpTo,
        companies,
        selfRepair,
        positions);
  }
}

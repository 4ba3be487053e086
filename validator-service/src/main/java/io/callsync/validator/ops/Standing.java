package io.callsync.validator.ops;

import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.check.Due;
import io.callsync.validator.check.Verdicts;
import io.callsync.validator.company.CompanyWatch;
import io.callsync.validator.position.Positions;
import io.callsync.validator.position.Positions.Position;
import io.callsync.validator.repair.Repairs;
import io.callsync.validator.violation.Violations;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/** Says how things stand, from what is stored. */
@Component
class Standing {

  private final Verdicts verdicts;
  private final Violations violations;
  private final Due due;
  private final Positions positions;
  private final CompanyWatch companies;
  private final Repairs repairs;
  private final ValidatorProperties.Times times;
  private final Clock clock;

  Standing(
      Verdicts verdicts,
      Violations violations,
      Due due,
      Positions positions,
      CompanyWatch companies,
      Repairs repairs,
      ValidatorProperties properties,
      Clock clock) {
    this.verdicts = verdicts;
    this.violations = violations;
    this.due = due;
    this.positions = positions;
    this.companies = companies;
    this.repairs = repairs;
    this.times = properties.validator();
    this.clock = clock;
  }

  Summary now() {
    // Positions first: what was marked after them is newer than they say.
    Map<TopicPartition, Position> read = positions.all();
    Instant oldestMark = due.oldestMark().orElse(Instant.MAX);
    SortedMap<String, Long> offsets = new TreeMap<>();
    read.forEach((partition, position) -> offsets.put(partition.toString(), position.nextOffset()));
    return new Summary(
            0,
            0,
            0,
            0,
            0,
            0,
            violations.openCount(),
            due.pending(clock.instant().plus(times.grace())),
            validatedUpTo(read, oldestMark),
            companies.latest(clock.instant()).stream().map(Summary.Company::of).toList(),
            repairs.figures(clock.instant()),
            offsets)
        .withCounts(verdicts.bookingCalls());
  }

  private static Instant validatedUpTo(Map<TopicPartition, Position> read, Instant oldestMark) {
    return Stream.of(
            Positions.readUpTo(read, Positions.EVENTS),
            Positions.readUpTo(read, Positions.CHANGES),
            oldestMark)
        .min(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }
}

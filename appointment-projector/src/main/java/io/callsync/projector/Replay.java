package io.callsync.projector;

import io.callsync.projector.AppointmentRow.Identity;
import io.callsync.projector.EventIndex.Aggregate;
import io.callsync.projector.EventIndex.Entry;
import io.callsync.projector.EventLog.Place;
import io.callsync.projector.Incoming.Understood;
import io.callsync.projector.Jobs.Job;
import io.callsync.schemas.Topic;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Folds the whole log of some aggregates again and puts their live rows right. A page of the
 * selection is one transaction, which also says how far the replay came.
 */
final class Replay {

  private static final int PAGE = 1000;

  private final DataSource database;
  private final EventReader reader;
  private final EventLog log;
  private final Job job;
  private final Selection selection;

  Replay(DataSource database, EventReader reader, EventLog log, Job job, Selection selection) {
    this.database = database;
    this.reader = reader;
    this.log = log;
    this.job = job;
    this.selection = selection;
  }

  /** How many events are selected. */
  long total() {
    return new EventIndex(JdbcClient.create(database)).count(selection);
  }

  /**
   * Replays the aggregates of the next events.
   *
   * @return whether there were any
   */
  boolean page() throws SQLException, InterruptedException {
    return Snapshot.run(
        database,
        (connection, jdbc) -> {
          var jobs = new Jobs(jdbc);
          var index = new EventIndex(jdbc);
          Place last = jobs.find(job.id()).orElseThrow().at();
          List<Entry> page = index.after(last, selection, PAGE);
          if (page.isEmpty()) {
            return false;
          }
          var aggregates = new LinkedHashSet<Aggregate>();
          page.forEach(e -> aggregates.add(e.aggregate()));
          aggregates.removeAll(index.upTo(last, selection, aggregates));
          ReadModel fold = fold(index, jdbc, aggregates);
          long differences =
              new Comparison(connection, job.id(), job.order().applies()).withFold(fold);
          jobs.through(job.id(), page.getLast().place(), page.size(), differences);
          return true;
        });
  }

  /** The fold of these aggregates, and of the bookings that theirs cannot be told without. */
  private ReadModel fold(EventIndex index, JdbcClient jdbc, Set<Aggregate> aggregates) {
    ReadModel fold = ReadModel.empty();
    var folded = new HashSet<Aggregate>();
    Collection<Aggregate> next = aggregates;
    while (!next.isEmpty()) {
      List<Change> changes =
          log.at(index.placesOf(next)).stream()
              .map(reader::read)
              .filter(Understood.class::isInstance)
              .map(e -> ((Understood) e).change())
              .toList();
      fold = ReadModel.fold(fold, changes);
      requireWhole(fold, index, next);
      folded.addAll(next);
      next = entangled(jdbc, fold);
      next.removeAll(folded);
    }
    return fold;
  }

  /** A log that has lost what the rows show must not take it from them. */
  private static void requireWhole(
      ReadModel fold, EventIndex index, Collection<Aggregate> aggregates) {
    index
        .revisionsOf(aggregates)
        .forEach(
            (aggregate, revision) -> {
              if (revisionOf(fold, aggregate) < revision) {
                throw new JobFailure(
                    "The log no longer holds revision %d of %s %s, which was shown: nothing was changed. Look at the topic's retention."
                        .formatted(revision, aggregate.topic(), aggregate.key()));
              }
            });
  }

  private static long revisionOf(ReadModel fold, Aggregate aggregate) {
    String topic = aggregate.topic();
    if (topic.equals(Topic.BOOKING_EVENTS.topicName())) {
      AppointmentRow booking = fold.bookings().get(java.util.UUID.fromString(aggregate.key()));
      return booking == null ? 0 : booking.revision();
    }
    if (topic.equals(Topic.CUSTOMER_EVENTS.topicName())) {
      var customer = fold.customers().get(Long.valueOf(aggregate.key()));
      return customer == null ? 0 : customer.revision();
    }
    return fold.calls().values().stream()
        .filter(c -> c.retellCallId().equals(aggregate.key()))
        .mapToLong(Change.CallRow::revision)
        .max()
        .orElse(0);
  }

  /** Bookings that claim the same booking of Cal.com, or were guesses of one another. */
  private static Collection<Aggregate> entangled(JdbcClient jdbc, ReadModel fold) {
    if (fold.bookings().isEmpty()) {
      return new HashSet<>();
    }
    List<Identity> claims =
        fold.bookings().values().stream()
            .map(AppointmentRow::identity)
            .filter(Objects::nonNull)
            .toList();
    return new HashSet<>(
        jdbc.sql(
                """
                with claim as (select * from unnest(?::text[], ?::bigint[], ?::text[]) as c(account, id, seat)),
                booking as (select unnest(?::uuid[]) as id)
                select a.booking_id::text from claim c join appointments a
                  on (a.calcom_account, a.calcom_v2_booking_id, a.seat_uid) = (c.account, c.id, c.seat)
                union select y.booking_id::text from claim c join appointment_yielded y
                  on (y.calcom_account, y.calcom_v2_booking_id, y.seat_uid) = (c.account, c.id, c.seat)
                union select b.alias_booking_id::text from booking_alias b join booking on booking.id = b.booking_id
                union select b.booking_id::text from booking_alias b join booking on booking.id = b.alias_booking_id""")
            .params(
                claims.stream().map(Identity::calcomAccount).toArray(String[]::new),
                claims.stream().map(Identity::calcomBookingId).toArray(Long[]::new),
                claims.stream().map(Identity::seatUid).toArray(String[]::new),
                fold.bookings().keySet().stream().map(Object::toString).toArray(String[]::new))
            .query((row, n) -> new Aggregate(Topic.BOOKING_EVENTS.topicName(), row.getString(1)))
            .list());
  }
}

package io.callsync.projector;

import static io.callsync.projector.Column.bigint;
import static io.callsync.projector.Column.uuid;
import static io.callsync.projector.Tables.ALIASES;
import static io.callsync.projector.Tables.APPOINTMENTS;
import static io.callsync.projector.Tables.APPOINTMENT_CALLS;
import static io.callsync.projector.Tables.HISTORY;
import static io.callsync.projector.Tables.YIELDED;

import io.callsync.projector.Tables.FurtherCall;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes the bookings of a batch. The history comes first and then says which revision is the
 * highest, also of bookings without a row; so a stale event cannot bring back what a later one took
 * away.
 *
 * <p>Two bookings may claim one booking of Cal.com for a moment, when the event that takes it from
 * the one is still on its way while the event that gives it to the other is here. That must neither
 * stop the partition nor lose a row: the claims are settled as {@link ReadModel#appointments()}
 * says, and the one that yields waits in appointment_yielded for any later booking event.
 */
final class BookingWriter {

  /** A booking claims at Cal.com what another one holds, or one still waits for that reason. */
  static final class RivalClaim extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** A row that must not stand below this revision. */
  private record Gone(UUID bookingId, long revision) {}

  /**
   * Of the table that the search path finds. Held shared by all who write bookings, alone by those
   * who move rows between bookings.
   */
  private static final String LOCK = "(1, 'appointments'::regclass::oid::int)";

  private static final String COUNT_YIELDED = "select count(*) from appointment_yielded";

  private static final Table<Gone> GONE =
      Table.of("gone", 2, uuid("booking_id", Gone::bookingId), bigint("revision", Gone::revision));

  private static final Table<AppointmentRow> SHOWN =
      Table.of(
          "shown",
          2,
          bigint("id", AppointmentRow::id),
          bigint("revision", AppointmentRow::revision));

  private static final String CURRENT =
      """
       where r.revision = (select max(h.revision) from appointment_history h where h.booking_id = r.booking_id)
         and not exists (select from booking_alias b where b.alias_booking_id = r.booking_id)""";

  private static final String INSERT_HISTORY = HISTORY.insertMissing(HISTORY.select());
  private static final String INSERT_ALIASES =
      "insert into booking_alias as t (%s) %s on conflict (alias_booking_id) do update set booking_id = excluded.booking_id where excluded.booking_id < t.booking_id"
          .formatted(ALIASES.names(), ALIASES.select());
  private static final String UPSERT = APPOINTMENTS.insertNewest(APPOINTMENTS.select() + CURRENT);
  private static final String DELETE_GONE =
      """
      with deleted as (delete from appointments a using %s where a.booking_id = r.booking_id and a.revision < r.revision returning a.id)
      delete from appointment_calls c using deleted where c.appointment_id = deleted.id"""
          .formatted(GONE.rows());
  private static final String DELETE_GONE_YIELDED =
      "delete from appointment_yielded a using %s where a.booking_id = r.booking_id and a.revision < r.revision"
          .formatted(GONE.rows());
  private static final String UPSERT_CALLS =
      APPOINTMENT_CALLS.insertNewest(
          APPOINTMENT_CALLS.select()
              + " join appointments a on a.id = r.appointment_id and a.revision = r.revision");
  private static final String DELETE_FORMER_CALLS =
      """
      delete from appointment_calls c using appointments a, %s
      where a.id = r.id and a.revision = r.revision and c.appointment_id = r.id and c.revision < r.revision"""
          .formatted(SHOWN.rows());

  /** Everything that is or has a rival goes through appointment_yielded; what wins, leaves it. */
  private static final String STAGE = YIELDED.insertNewest(YIELDED.select() + CURRENT);

  private static final String SAME_IDENTITY =
      "(%1$s.calcom_account, %1$s.calcom_v2_booking_id, %1$s.seat_uid) = (%2$s.calcom_account, %2$s.calcom_v2_booking_id, %2$s.seat_uid)";
  private static final String YIELDS =
      "exists (select from appointment_yielded o where %s and o.id < y.id)"
          .formatted(SAME_IDENTITY.formatted("o", "y"));
  private static final List<String> SETTLE =
      List.of(
          """
          insert into appointment_yielded (%1$s, further_call_ids)
          select %1$s, array(select c.call_id from appointment_calls c where c.appointment_id = a.id order by c.call_id)
          from appointments a where exists (select from appointment_yielded y where %2$s and y.id <> a.id)
          on conflict (id) do nothing"""
              .formatted(APPOINTMENTS.names(), SAME_IDENTITY.formatted("a", "y")),
          """
          with deleted as (delete from appointments a using appointment_yielded y where a.id = y.id and %s returning a.id)
          delete from appointment_calls c using deleted where c.appointment_id = deleted.id"""
              .formatted(YIELDS),
          APPOINTMENTS.insertNewest(
              "select %s from appointment_yielded y where not %s"
                  .formatted(APPOINTMENTS.names(), YIELDS)),
          APPOINTMENT_CALLS.insertNewest(
              "select y.id, unnest(y.further_call_ids), y.revision from appointment_yielded y where not "
                  + YIELDS),
          """
          delete from appointment_calls c using appointment_yielded y
          where c.appointment_id = y.id and c.revision < y.revision and not %s"""
              .formatted(YIELDS),
          "delete from appointment_yielded y where not " + YIELDS);

  private BookingWriter() {}

  /**
   * @param settle whether a plain write met a rival claim
   * @return how many bookings were left yielding
   * @throws RivalClaim where the transaction must be run again, settling
   */
  static long write(Connection connection, ReadModel batch, boolean settle)
      throws SQLException, RivalClaim {
    boolean alone = settle || !batch.aliases().isEmpty();
    if (yielding(connection, "pg_advisory_xact_lock" + (alone ? "" : "_shared") + LOCK) > 0
        && !settle) {
      throw new RivalClaim();
    }
    List<Gone> gone = gone(batch);
    Pipeline rows =
        new Pipeline()
            .add(HISTORY, INSERT_HISTORY, batch.history().values())
            .add(ALIASES, INSERT_ALIASES, batch.aliases().entrySet())
            .add(GONE, DELETE_GONE, gone);
    List<AppointmentRow> shown =
        batch.bookings().values().stream().filter(AppointmentRow::visible).toList();
    if (settle) {
      rows.add(GONE, DELETE_GONE_YIELDED, gone).add(YIELDED, STAGE, shown);
      SETTLE.forEach(rows::add);
      rows.run(connection);
      return yielding(connection);
    }
    rows.add(APPOINTMENTS, UPSERT, shown)
        .add(APPOINTMENT_CALLS, UPSERT_CALLS, furtherCalls(shown))
        .add(SHOWN, DELETE_FORMER_CALLS, shown)
        .run(connection);
    return 0;
  }

  private static List<FurtherCall> furtherCalls(List<AppointmentRow> shown) {
    return shown.stream()
        .flatMap(
            a ->
                a.furtherCallIds().stream()
                    .map(call -> new FurtherCall(a.id(), call, a.revision())))
        .toList();
  }

  private static List<Gone> gone(ReadModel batch) {
    var gone = new ArrayList<Gone>();
    for (AppointmentRow booking : batch.bookings().values()) {
      // Nothing stands below revision 1, which is what most wishes are.
      if (!booking.visible() && booking.revision() > 1) {
        gone.add(new Gone(booking.bookingId(), booking.revision()));
      }
    }
    for (UUID alias : batch.aliases().keySet()) {
      gone.add(new Gone(alias, Long.MAX_VALUE));
    }
    return gone;
  }

  /** How many bookings yield once the lock is held: what was committed meanwhile is seen. */
  private static long yielding(Connection connection, String lock) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select " + lock + ";\n" + COUNT_YIELDED)) {
      statement.execute();
      statement.getMoreResults();
      return count(statement.getResultSet());
    }
  }

  private static long yielding(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT_YIELDED)) {
      return count(statement.executeQuery());
    }
  }

  private static long count(ResultSet result) throws SQLException {
    result.next();
    return result.getLong(1);
  }
}

package io.callsync.outbox;

import io.callsync.outbox.Doubt.Remembered;
import io.callsync.outbox.Doubt.Server;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The relay's row in its database: who leads until when, and up to where everything is acknowledged
 * by Kafka. Every write of a leader names its holder, so that one who lost the lease changes
 * nothing.
 */
final class RelayTable {

  /** How far everything is acknowledged; the id is the highest outbox row, 0 for row changes. */
  record Position(Lsn lsn, @Nullable Instant until, long rowId) {}

  private final JdbcClient jdbc;
  private final String slot;
  private final String holder;

  RelayTable(JdbcClient jdbc, String slot, String holder) {
    this.jdbc = jdbc;
    this.slot = slot;
    this.holder = holder;
  }

  void create() {
    jdbc.sql(
            """
            create table if not exists relay (
              slot text primary key,
              holder text not null,
              lease_until timestamptz not null,
              system_id bigint,
              timeline text,
              resend_from bigint default 0,
              relayed_lsn pg_lsn not null default '0/0',
              relayed_until timestamptz,
              relayed_id bigint not null default 0
            )""")
        .update();
  }

  boolean acquire(Duration lease) {
    return jdbc.sql(
                """
                insert into relay as r (slot, holder, lease_until)
                values (:slot, :holder, clock_timestamp() + :lease * interval '1 millisecond')
                on conflict (slot) do update set holder = excluded.holder, lease_until = excluded.lease_until
                where r.holder = excluded.holder or r.lease_until < clock_timestamp()""")
            .param("slot", slot)
            .param("holder", holder)
            .param("lease", lease.toMillis())
            .update()
        == 1;
  }

  boolean renew(Duration lease) {
    return jdbc.sql(
                """
                update relay set lease_until = clock_timestamp() + :lease * interval '1 millisecond'
                where slot = :slot and holder = :holder""")
            .param("slot", slot)
            .param("holder", holder)
            .param("lease", lease.toMillis())
            .update()
        == 1;
  }

  void release() {
    jdbc.sql("update relay set lease_until = '-infinity' where slot = :slot and holder = :holder")
        .param("slot", slot)
        .param("holder", holder)
        .update();
  }

  Remembered remembered() {
    return jdbc.sql(
            "select system_id, timeline, relayed_lsn, resend_from from relay where slot = :slot")
        .param("slot", slot)
        .query(
            (row, n) -> {
              long systemId = row.getLong("system_id");
              String timeline = row.getString("timeline");
              return new Remembered(
                  timeline == null ? null : new Server(systemId, timeline),
                  Lsn.parse(row.getString("relayed_lsn")),
                  row.getObject("resend_from", Long.class));
            })
        .single();
  }

  /** Says before anything else is done that kept rows have to be sent again. */
  boolean beginResend(long from) {
    return jdbc.sql(
                """
                update relay set resend_from = least(resend_from, :from)
                where slot = :slot and holder = :holder""")
            .param("from", from)
            .param("slot", slot)
            .param("holder", holder)
            .update()
        == 1;
  }

  /** Changes nothing where meanwhile an older row has to be sent again. */
  boolean finishResend(long from, Server server, Position position) {
    return jdbc.sql(
                """
                update relay set resend_from = null, system_id = :systemId, timeline = :timeline,
                  relayed_lsn = :lsn::pg_lsn, relayed_id = greatest(relayed_id, :id)
                where slot = :slot and holder = :holder and resend_from >= :from""")
            .param("systemId", server.systemId())
            .param("timeline", server.timeline())
            .param("lsn", position.lsn().toString())
            .param("id", position.rowId())
            .param("slot", slot)
            .param("holder", holder)
            .param("from", from)
            .update()
        == 1;
  }

  /**
   * Tells the leader that this instance, a leader once, may have sent rows from the given one on
   * after it. Changes nothing where nobody else has led since.
   */
  void confess(long from) {
    jdbc.sql(
            """
            update relay set resend_from = least(resend_from, :from)
            where slot = :slot and holder <> :holder""")
        .param("from", from)
        .param("slot", slot)
        .param("holder", holder)
        .update();
  }

  /** Written before the slot is told, so that a slot further than this was moved by others. */
  boolean relayed(Position position) {
    Instant until = position.until();
    return jdbc.sql(
                """
                update relay set relayed_lsn = greatest(relayed_lsn, :lsn::pg_lsn),
                  relayed_until = greatest(relayed_until, :until), relayed_id = greatest(relayed_id, :id)
                where slot = :slot and holder = :holder""")
            .param("lsn", position.lsn().toString())
            .param("until", until == null ? null : OffsetDateTime.ofInstant(until, ZoneOffset.UTC))
            .param("id", position.rowId())
            .param("slot", slot)
            .param("holder", holder)
            .update()
        == 1;
  }
}

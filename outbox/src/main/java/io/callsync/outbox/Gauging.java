package io.callsync.outbox;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Measures in the database how far the relay is behind, whoever leads. */
final class Gauging {

  record Measured(@Nullable Long oldestUnsentMillis, @Nullable Long slotLagBytes) {}

  /** By id, which is nearly the order of commits and has an index. */
  private static final String OUTBOX =
      """
      (select (extract(epoch from clock_timestamp() - o.created_at) * 1000)::bigint from outbox o
       where o.id > r.relayed_id order by o.id limit 1)""";

  /** Rows carry no time; this is an upper bound, where nothing was written it counts the pause. */
  private static final String ROWS =
      """
      case when s.confirmed_flush_lsn >= pg_current_wal_flush_lsn() then 0
      else greatest(0, (extract(epoch from clock_timestamp() - r.relayed_until) * 1000)::bigint - 7000) end""";

  private final JdbcClient jdbc;
  private final String sql;
  private final String slot;

  Gauging(JdbcClient jdbc, String slot, boolean outbox) {
    this.jdbc = jdbc;
    this.slot = slot;
    this.sql =
        """
        select %s as oldest, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), s.confirmed_flush_lsn)::bigint as lag
        from relay r left join pg_replication_slots s on s.slot_name = r.slot where r.slot = ?"""
            .formatted(outbox ? OUTBOX : ROWS);
  }

  Measured measure() {
    return jdbc.sql(sql)
        .param(slot)
        .query(
            (row, n) -> {
              long oldest = row.getLong(1);
              boolean nothing = row.wasNull();
              long lag = row.getLong(2);
              return new Measured(nothing ? Long.valueOf(0) : oldest, row.wasNull() ? null : lag);
            })
        .optional()
        .orElse(new Measured(null, null));
  }
}

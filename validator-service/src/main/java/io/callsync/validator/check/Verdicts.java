package io.callsync.validator.check;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The last verdict on each chain, so that counting needs no second look. */
@Repository
public class Verdicts {

  private final JdbcClient jdbc;

  public Verdicts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** One chain's verdict. */
  public record Line(String chainKey, boolean bookingCall, String status) {}

  public void keep(List<Line> lines) {
    if (lines.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            insert into verdict as v (chain_key, booking_call, status)
            select r."chainKey", r."bookingCall", r.status
            from jsonb_to_recordset(:rows::jsonb) as r ("chainKey" text, "bookingCall" boolean, status text)
            order by 1
            on conflict (chain_key) do update set booking_call = excluded.booking_call, status = excluded.status
            where (v.booking_call, v.status) is distinct from (excluded.booking_call, excluded.status)
            """)
        .param("rows", JsonMapper.shared().writeValueAsString(lines))
        .update();
  }

  /** How many booking calls have which verdict. */
  public Map<Verdict, Long> bookingCalls() {
    Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    jdbc.sql("select status, count(*) as n from verdict where booking_call group by status")
        .query(
            row -> {
              counts.put(
                  Verdict.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                  row.getLong("n"));
            });
    return counts;
  }
}

package io.callsync.validator.company;

import static io.callsync.validator.sql.Sql.instantOrNull;
import static io.callsync.validator.sql.Sql.utc;

import io.callsync.validator.violation.Violations;
import io.callsync.validator.violation.Violations.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads every company's figures from what the events and the violations say. */
@Repository
public class CompanyWatch {

  private static final String KEY = "company:";
  private static final Duration LATELY = Duration.ofDays(14);
  private static final Duration DAY = Duration.ofDays(1);

  private static final Duration FRESH = Duration.ofSeconds(5);

  private record Latest(Instant at, List<CompanyFigures> figures) {}

  private final JdbcClient jdbc;
  private final Violations violations;
  private volatile @Nullable Latest latest;

  public CompanyWatch(JdbcClient jdbc, Violations violations) {
    this.jdbc = jdbc;
    this.violations = violations;
  }

  /** The figures as they are asked for all the time: at most a few seconds old. */
  public List<CompanyFigures> latest(Instant now) {
    Latest kept = latest;
    if (kept == null || kept.at().plus(FRESH).isBefore(now)) {
      kept = new Latest(now, figures(now));
      latest = kept;
    }
    return kept.figures();
  }

  /** Of every company that had a phone booking within two weeks. */
  public List<CompanyFigures> figures(Instant now) {
    return jdbc.sql(
            """
            with booking as (
              select company_id, requested_at, call_id,
                     requested_at - lag(requested_at) over (partition by company_id order by requested_at) as pause
              from expected_booking
              where source = 'retell_phone' and company_id is not null and requested_at > :lately
                and status not in ('requested', 'failed', 'aliased'))
            select company_id, max(requested_at) as last_booked_at, count(*) as lately,
                   extract(epoch from max(pause))::bigint as longest_pause,
                   count(*) filter (where requested_at > :day) as booked,
                   count(*) filter (where requested_at > :day and not exists (
                     select from violation v where v.call_id = booking.call_id and v.state <> 'RESOLVED'
                                               and v.severity = 'error')) as linked
            from booking group by company_id order by company_id
            """)
        .param("lately", utc(now.minus(LATELY)))
        .param("day", utc(now.minus(DAY)))
        .query(
            (row, n) -> {
              long pause = row.getLong("longest_pause");
              Duration longest = row.wasNull() ? null : Duration.ofSeconds(pause);
              return new CompanyFigures(
                  row.getLong("company_id"),
                  row.getLong("booked"),
                  row.getLong("linked"),
                  instantOrNull(row, "last_booked_at"),
                  row.getLong("lately"),
                  longest);
            })
        .list();
  }

  /** What is found now, of those with an open finding, too, which it may resolve. */
  public List<Findings> look(Instant now) {
    List<Findings> looks = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (CompanyFigures company : figures(now)) {
      String key = KEY + company.companyId();
      seen.add(key);
      looks.add(new Findings(key, company.companyId(), null, company.validate(now)));
    }
    for (String key : violations.brokenChains()) {
      if (key.startsWith(KEY) && seen.add(key)) {
        looks.add(new Findings(key, Long.parseLong(key.substring(KEY.length())), null, List.of()));
      }
    }
    return looks;
  }
}

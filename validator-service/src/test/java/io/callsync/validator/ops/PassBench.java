package io.callsync.validator.ops;

import io.callsync.outbox.Outbox;
import io.callsync.validator.Databases;
import io.callsync.validator.check.ChainLoader;
import io.callsync.validator.check.Verdict;
import io.callsync.validator.violation.Violations;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One pass over a million calls of which a fifth booked, on a Postgres of its own: calls a second,
 * and how much memory was used at most. Run it with the memory that the service has (-Xmx224m).
 */
public final class PassBench {

  private static final int CALLS = 1_000_000;
  private static final int EVERY = 5;

  private PassBench() {}

  /** Optionally how many calls. */
  public static void main(String[] args) {
    int calls = args.length > 0 ? Integer.parseInt(args[0]) : CALLS;
    var databases = new Databases();
    fill(databases, calls);
    var violations =
        new Violations(databases.own, new Outbox(Databases.ownDataSource()), databases.properties);
    var pass =
        new Pass(
            new ChainLoader(databases.expectations, databases.readModel, databases.properties),
            violations,
            databases.expectations,
            databases.readModel,
            databases.properties,
            Clock.systemUTC());
    for (int n = 0; n < 3; n++) {
      Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
      long began = System.nanoTime();
      long looked =
          pass.over(
              new Question(0, null, null, null, false),
              (line, verdict) -> counts.merge(verdict, 1L, Long::sum));
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          "%,d chains in %.1f s, %,.0f a second; booking calls %s; heap at most %d MB%n",
          looked, seconds, looked / seconds, counts, peak());
    }
    System.exit(0);
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum()
        >> 20;
  }

  private static void fill(Databases databases, int calls) {
    Consumer<String> rows = sql -> run(databases.rows, sql, calls);
    rows.accept(
        """
        insert into customers select 1000 + n, 1, 'Customer', null, null, 'phone', false, 1
        from generate_series(1, (1000 + :calls) / :every) n
        """);
    rows.accept(
        """
        insert into calls (id, retell_call_id, company_id, company_defaulted, customer_id, started_at, status, analyzed,
          booking_confirmed, booking_details, booking_ids, callback_requested, metadata, revision)
        select n, 'call_' || n, 1, false, case when n % :every = 0 then 1000 + n / :every end,
          '2025-01-01T00:00:00Z'::timestamptz + n * interval '30 seconds', 'ended', true, n % :every = 0,
          case when n % :every = 0 then jsonb_build_object('calcom_booking', jsonb_build_object('id', n, 'uid', 'uid-' || n)) end,
          case when n % :every = 0 then array[lpad(n::text, 32, '0')::uuid::text] else '{}'::text[] end, false, '{}', 4
        from generate_series(1001, 1000 + :calls) n
        """);
    rows.accept(
        """
        insert into appointments (id, booking_id, calcom_account, calcom_v2_booking_id, external_id, call_id, customer_id,
          company_id, service_id, starts_at, ends_at, booking_timezone, status, source, metadata, revision)
        select n, lpad(n::text, 32, '0')::uuid, 'default', n, 'uid-' || n, n, 1000 + n / :every, 1, 3,
          '2026-01-01T00:00:00Z'::timestamptz + n * interval '30 seconds',
          '2026-01-01T00:00:00Z'::timestamptz + n * interval '30 seconds', 'Europe/Berlin', 'confirmed', 'retell_phone', '{}', 2
        from generate_series(1001, 1000 + :calls) n where n % :every = 0
        """);
    Consumer<String> own = sql -> run(databases.own, sql, calls);
    own.accept(
        """
        insert into expected_call select n, 'call_' || n, 4, 1, case when n % :every = 0 then 1000 + n / :every end
        from generate_series(1001, 1000 + :calls) n
        """);
    own.accept(
        """
        insert into expected_booking (booking_id, revision, appointment_id, call_id, customer_id, company_id, status, source,
          starts_at, ends_at, requested_at, in_doubt, late, calcom_booking_id, calcom_uid)
        select lpad(n::text, 32, '0')::uuid, 2, n, n, 1000 + n / :every, 1, 'confirmed', 'retell_phone',
          '2026-01-01T00:00:00Z'::timestamptz + n * interval '30 seconds',
          '2026-01-01T00:00:00Z'::timestamptz + n * interval '30 seconds', '2025-01-01T00:00:00Z', false, false, n, 'uid-' || n
        from generate_series(1001, 1000 + :calls) n where n % :every = 0
        """);
    databases.rows.sql("vacuum analyze").update();
    databases.own.sql("vacuum analyze").update();
  }

  private static void run(JdbcClient jdbc, String sql, int calls) {
    jdbc.sql(sql.replace(":calls", String.valueOf(calls)).replace(":every", String.valueOf(EVERY)))
        .update();
  }
}

package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Operator.Typed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A thousand rows are lost, missed, shown, and brought back. */
@Execution(ExecutionMode.SAME_THREAD)
class ThousandRowsTest extends SystemTest {

  private static final int MANY = 1000;
  private static final int CALLERS = 32;
  private static final Duration LONG = Duration.ofSeconds(60);

  private long began = System.nanoTime();

  @Test
  void GHOST_02_a_thousand_deleted_appointments_are_reported_listed_and_repaired() {
    Company company = aCompany();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      CompletableFuture.allOf(
              IntStream.range(0, MANY)
                  .mapToObj(n -> CompletableFuture.runAsync(() -> books(company), callers))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
    took("%d appointments booked by phone".formatted(MANY));
    eventually(LONG, () -> assertThat(seen(company)).isEqualTo(MANY));
    List<Map<String, Object>> before = appointments(company);
    took("all of them seen with their calls");

    assertThat(rows.update("delete from appointments where company_id = ?", company.id()))
        .isEqualTo(MANY);
    eventually(LONG, () -> assertThat(open(company)).isEqualTo(MANY));
    took("deleted, and %d violations open".formatted(MANY));

    Operator operator = new Operator(stack);
    Typed shown = operator.types("backfill", "--all", "--dry-run");
    assertThat(shown.status()).as(shown.output()).isEqualTo(1);
    assertThat(shown.output()).contains("1000 broken chains of calls", "1,000 rows differ");
    assertThat(appointments(company)).isEmpty();
    took("backfill --all --dry-run");

    Typed done = operator.types("backfill", "--all", "--yes");
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(done.output()).contains("1,000 rows put right");
    assertThat(appointments(company)).isEqualTo(before);
    took("backfill --all --yes");

    eventually(LONG, () -> assertThat(open(company)).isZero());
    took("no violation open");
  }

  private void books(Company company) {
    Caller caller = aCallerOf(company);
    assertThat(caller.books(company, aFreeStart()).status()).isEqualTo("booked");
  }

  private List<Map<String, Object>> appointments(Company company) {
    return rows.query(
        "select to_jsonb(a)::text as row from appointments a where company_id = ? order by id",
        company.id());
  }

  /** Appointments whose call counts as confirmed. */
  private long seen(Company company) {
    return rows.query(
            "select a.id from appointments a join calls c on c.id = a.call_id and c.booking_confirmed where a.company_id = ?",
            company.id())
        .size();
  }

  private long open(Company company) {
    Map<String, String> states = new TreeMap<>();
    topics.violations().stream()
        .filter(v -> Long.valueOf(company.id()).equals(v.getCompanyId()))
        .filter(v -> v.getRule().equals("CONFIRMED_WITHOUT_APPOINTMENT"))
        .forEach(v -> states.put(v.getViolationId(), v.getState()));
    return states.values().stream().filter("OPEN"::equals).count();
  }

  private void took(String what) {
    System.out.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, what);
    began = System.nanoTime();
  }
}

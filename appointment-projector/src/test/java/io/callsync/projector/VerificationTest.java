package io.callsync.projector;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.ops.Audit;
import io.callsync.outbox.Outbox;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class VerificationTest {

  private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());
  private final JobWorker worker =
      new JobWorker(
          new ProjectorProperties("127.0.0.1:1", URI.create("http://127.0.0.1:1"), null),
          TestDatabase.dataSource(),
          new Audit(
              TestDatabase.dataSource(),
              new Outbox(TestDatabase.dataSource()),
              "appointment-projector"));

  @BeforeEach
  void empty() throws SQLException {
    TestDatabase.empty();
  }

  @Test
  void two_instances_order_one_verification_that_changes_nothing() throws SQLException {
    Instant minute;
    do {
      empty();
      minute = minute();
      new Verification(jdbc, worker).order();
      new Verification(jdbc, worker).order();
    } while (!minute.equals(minute()));
    assertThat(TestDatabase.query("select kind || ' ' || (wanted ->> 'dryRun') from job"))
        .containsExactly("rebuild true");
  }

  @Test
  void an_operator_orders_as_often_as_he_likes() throws SQLException {
    var jobs = new Jobs(jdbc);
    for (int n = 0; n < 2; n++) {
      jobs.add(
          new JobOrder(
              JobOrder.REBUILD, null, null, null, null, null, null, null, true, "erika", "a test"),
          null);
    }
    assertThat(TestDatabase.query("select id from job")).hasSize(2);
  }

  private static Instant minute() {
    return Instant.now().truncatedTo(ChronoUnit.MINUTES);
  }
}

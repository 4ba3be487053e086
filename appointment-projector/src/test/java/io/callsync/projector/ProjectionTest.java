package io.callsync.projector;

import static io.callsync.projector.Universe.booking;
import static io.callsync.projector.Universe.bookingId;
import static io.callsync.projector.Universe.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callsync.ops.deadletter.DeadLetter;
import io.callsync.projector.Incoming.Understood;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Whose fault a refusal is, and what becomes of the others. */
class ProjectionTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final UUID POISON = bookingId(3);

  private final Set<UUID> shown = new TreeSet<>();
  private final List<DeadLetter> dead = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> ten =
      IntStream.range(0, 10)
          .mapToObj(n -> new ConsumerRecord<>("booking-events", 0, n, new byte[0], new byte[0]))
          .toList();

  /** Rows that show all but one booking. */
  private Projection refusing(Exception refusal, Duration budget) {
    return new Projection(
        source ->
            new Understood(
                source, Change.of(event(1, "BookingConfirmed", booking((int) source.offset())))),
        batch -> {
          if (batch.rows().bookings().containsKey(POISON)) {
            switch (refusal) {
              case SQLException e -> throw e;
              case RuntimeException e -> throw e;
              default -> throw new IllegalStateException(refusal);
            }
          }
          shown.addAll(batch.rows().bookings().keySet());
        },
        dead::addAll,
        budget);
  }

  @Test
  void a_value_that_is_refused_is_put_aside_at_once_and_the_others_go_on() throws Exception {
    Projection projection = refusing(new SQLException("no", "23514"), LONG);
    assertThat(projection.project(ten)).isEqualTo(1);
    assertThat(shown).hasSize(9).doesNotContain(POISON);
    assertThat(dead)
        .extracting(DeadLetter::reason)
        .containsExactly("Postgres refuses it, SQLSTATE 23514");
    assertThat(dead.getFirst().source().offset()).isEqualTo(3);
  }

  @Test
  void where_the_database_is_away_nothing_is_ever_put_aside() {
    for (String state : List.of("08006", "57P01", "53300", "40P01", "55P03", "58030", "XX000")) {
      Projection projection = refusing(new SQLException("away", state), Duration.ZERO);
      assertThatThrownBy(() -> projection.project(ten)).isInstanceOf(SQLException.class);
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void what_may_be_the_records_fault_is_tried_again_within_its_budget_and_then_put_aside()
      throws Exception {
    for (Exception doubtful :
        List.of(new SQLException("a trigger says no", "P0001"), new IllegalStateException("no"))) {
      dead.clear();
      shown.clear();
      Projection patient = refusing(doubtful, LONG);
      assertThatThrownBy(() -> patient.project(ten)).isSameAs(doubtful);
      assertThatThrownBy(() -> patient.project(ten)).isSameAs(doubtful);
      assertThat(dead).isEmpty();
      Projection impatient = refusing(doubtful, Duration.ZERO);
      assertThat(impatient.project(ten)).isEqualTo(1);
      assertThat(shown).hasSize(9);
      assertThat(dead).hasSize(1);
    }
  }
}

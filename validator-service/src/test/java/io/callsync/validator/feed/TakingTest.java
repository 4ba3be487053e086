package io.callsync.validator.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callsync.events.ChainChanged;
import io.callsync.ops.deadletter.DeadLetter;
import io.callsync.ops.deadletter.Redrive.StillRefused;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import io.callsync.schemas.Topic;
import io.callsync.validator.Databases;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;

/** One record that cannot be taken harms no other. */
class TakingTest {

  private static final int POISON = 3;

  private final Databases databases = new Databases();
  private final TreeSet<Long> taken = new TreeSet<>();
  private final List<DeadLetter> dead = new ArrayList<>();
  private int passed;

  private final List<ConsumerRecord<byte[], byte[]>> five =
      IntStream.range(0, 5)
          .mapToObj(n -> new ConsumerRecord<>("chain-changes", 0, n, new byte[0], new byte[0]))
          .toList();

  @AfterEach
  void close() {
    databases.readModel.close();
  }

  private void take(Taking.Reader reader, RuntimeException refusal) throws InterruptedException {
    new Taking(
            reader,
            (records, now) ->
                records.forEach(
                    record -> {
                      long lsn = ((ChainChanged) record).getLsn();
                      if (lsn == POISON) {
                        throw refusal;
                      }
                      taken.add(lsn);
                    }),
            databases.transaction,
            Clock.systemUTC())
        .take(five, dead::addAll, () -> passed++);
  }

  private static ChainChanged change(ConsumerRecord<byte[], byte[]> record) {
    return ChainChanged.newBuilder()
        .setTable("calls")
        .setRowId("1")
        .setOp("u")
        .setLinks(Map.of())
        .setLinksBefore(Map.of())
        .setCommitTimeMicros(0)
        .setLsn(record.offset())
        .setTransactionId(0)
        .build();
  }

  @Test
  void what_cannot_be_taken_is_put_aside_and_the_others_are_taken() throws Exception {
    for (RuntimeException refusal :
        List.of(
            new IllegalArgumentException("no uuid"), new DataIntegrityViolationException("no"))) {
      dead.clear();
      taken.clear();
      passed = 0;
      take(TakingTest::change, refusal);
      assertThat(taken).containsExactly(0L, 1L, 2L, 4L);
      assertThat(dead).extracting(letter -> letter.source().offset()).containsExactly(3L);
      assertThat(dead.getFirst().reason()).startsWith("it cannot be taken: ");
      assertThat(passed).isEqualTo(1);
    }
  }

  @Test
  void what_cannot_be_read_is_put_aside_with_the_reason() throws Exception {
    take(
        record -> {
          if (record.offset() == POISON) {
            throw new StillRefused("not an event");
          }
          return change(record);
        },
        new IllegalStateException("never"));
    assertThat(taken).hasSize(4);
    assertThat(dead).extracting(DeadLetter::reason).containsExactly("not an event");
    assertThat(passed).isEqualTo(1);
  }

  @Test
  void while_a_part_is_away_nothing_is_put_aside_and_nothing_passes() {
    assertThatThrownBy(
            () -> take(TakingTest::change, new DataAccessResourceFailureException("away")))
        .isInstanceOf(DataAccessResourceFailureException.class);
    var nowhere = new SchemaRegistry(URI.create("http://127.0.0.1:1"));
    assertThatThrownBy(
            () ->
                take(
                    record -> {
                      nowhere.idOf(Topic.CHAIN_CHANGES, ChainChanged.SCHEMA$);
                      return null;
                    },
                    new IllegalStateException("never")))
        .isInstanceOf(RegistryException.class);
    assertThat(dead).isEmpty();
    assertThat(passed).isZero();
  }
}

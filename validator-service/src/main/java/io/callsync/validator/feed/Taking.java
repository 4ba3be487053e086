package io.callsync.validator.feed;

import io.callsync.ops.deadletter.DeadLetter;
import io.callsync.ops.deadletter.Redrive.StillRefused;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes records into our database, and says which ones cannot be taken. */
final class Taking {

  private record Understood(ConsumerRecord<byte[], byte[]> source, SpecificRecord event) {}

  private final Reader reader;
  private final Batch batch;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Taking(Reader reader, Batch batch, TransactionTemplate transaction, Clock clock) {
    this.reader = reader;
    this.batch = batch;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Tells records from what nobody can read. */
  interface Reader {
    @Nullable SpecificRecord read(ConsumerRecord<byte[], byte[]> record) throws StillRefused;
  }

  /** Who is told of what cannot be taken, before any position passes it. */
  interface Refusals {
    void put(List<DeadLetter> letters) throws InterruptedException;
  }

  /**
   * Takes all in one transaction with what passes them; where one of them is refused, each in its
   * own first.
   *
   * @throws RegistryException where the registry is away; likewise the database's
   */
  void take(Iterable<ConsumerRecord<byte[], byte[]>> records, Refusals refusals, Runnable passing)
      throws InterruptedException {
    List<Understood> readable = new ArrayList<>();
    List<DeadLetter> dead = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        SpecificRecord event = reader.read(record);
        if (event != null) {
          readable.add(new Understood(record, event));
        }
      } catch (StillRefused e) {
        dead.add(new DeadLetter(record, String.valueOf(e.getMessage())));
      }
    }
    if (!dead.isEmpty()) {
      refusals.put(dead);
    }
    try {
      together(readable, passing);
    } catch (RuntimeException e) {
      if (!speaksOfTheRecord(e)) {
        throw e;
      }
      refusals.put(eachAlone(readable));
      transaction.executeWithoutResult(status -> passing.run());
    }
  }

  private void together(List<Understood> records, Runnable passing) {
    transaction.executeWithoutResult(
        status -> {
          batch.take(records.stream().map(Understood::event).toList(), clock.instant());
          passing.run();
        });
  }

  /** Twice changes nothing, so what was taken here may come again. */
  private List<DeadLetter> eachAlone(List<Understood> records) {
    List<DeadLetter> refused = new ArrayList<>();
    for (Understood record : records) {
      try {
        together(List.of(record), () -> {});
      } catch (RuntimeException e) {
        if (!speaksOfTheRecord(e)) {
          throw e;
        }
        refused.add(new DeadLetter(record.source(), "it cannot be taken: " + RecordReader.kind(e)));
      }
    }
    return refused;
  }

  private static boolean speaksOfTheRecord(RuntimeException e) {
    return e instanceof DataIntegrityViolationException
        || !(e instanceof DataAccessException || e instanceof TransactionException);
  }
}

package io.callsync.projector;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of a topic and what it means to the read model. */
sealed interface Incoming {

  /** The record as it came. */
  ConsumerRecord<byte[], byte[]> source();

  /** An event. */
  record Understood(ConsumerRecord<byte[], byte[]> source, Change change) implements Incoming {}

  /** A record without a value: compaction's business, not ours. */
  record Tombstone(ConsumerRecord<byte[], byte[]> source) implements Incoming {}

  /** What no retry will make readable; the reason names no value. */
  record Unreadable(ConsumerRecord<byte[], byte[]> source, String reason) implements Incoming {}
}

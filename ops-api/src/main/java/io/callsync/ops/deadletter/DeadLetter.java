package io.callsync.ops.deadletter;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that cannot be handled.
 *
 * @param source the record as it came
 * @param reason why; it names no value
 */
public record DeadLetter(ConsumerRecord<byte[], byte[]> source, String reason) {}

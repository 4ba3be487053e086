package io.callsync.ops.deadletter;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Handles a record of this service's topics once more, outside of their order. */
public interface Redrive {

  /** It still cannot be handled; the message says why and names no value. */
  final class StillRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public StillRefused(String reason) {
      super(reason);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Handles it as if it had just come; twice changes nothing.
   *
   * @throws StillRefused where no retry would help
   * @throws Exception where it may help to come again: something is away
   */
  void handle(ConsumerRecord<byte[], byte[]> source) throws Exception;
}

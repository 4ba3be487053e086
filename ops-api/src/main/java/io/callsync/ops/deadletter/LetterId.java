package io.callsync.ops.deadletter;

/** Where a letter lies in its topic; as people type it: booking-events.dlt/1/42. */
record LetterId(String topic, int partition, long offset) {

  @Override
  public String toString() {
    return topic + '/' + partition + '/' + offset;
  }
}

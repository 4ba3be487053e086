package io.callsync.outbox;

/** Names of the Kafka headers that every record carries. */
public final class Headers {

  public static final String EVENT_TYPE = "event-type";
  public static final String EVENT_ID = "event-id";
  public static final String TRACEPARENT = "traceparent";

  private Headers() {}
}

package io.callsync.outbox;

import org.postgresql.replication.LogSequenceNumber;

/** A position in Postgres' log; compares as the server compares. */
record Lsn(long value) implements Comparable<Lsn> {

  static final Lsn START = new Lsn(0);

  static Lsn parse(String text) {
    return new Lsn(LogSequenceNumber.valueOf(text).asLong());
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return LogSequenceNumber.valueOf(value).asString();
  }
}

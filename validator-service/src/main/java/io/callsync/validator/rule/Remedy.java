package io.callsync.validator.rule;

import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
import java.time.Instant;
import java.util.UUID;

/** The commands that mend a chain, filled in. */
final class Remedy {

  private Remedy() {}

  /** The rows differ from the log: fold the log again. */
  static String replay(Chain chain) {
    return switch (chain.key()) {
      case ChainKey.OfCall(long id) -> "appointments replay --call " + id;
      case ChainKey.OfBooking(UUID id) -> replayBooking(id);
    };
  }

  static String replayBooking(UUID bookingId) {
    return "appointments replay --booking " + bookingId;
  }

  /** Something is missing: fold the log again, else add to it what Cal.com knows. */
  static String backfill(Chain chain) {
    return switch (chain.key()) {
      case ChainKey.OfCall(long id) -> "appointments backfill " + id;
      case ChainKey.OfBooking(UUID id) -> replayBooking(id);
    };
  }

  static String importDirectory() {
    return "appointments directory import FILE";
  }

  static String reconcile(Instant since) {
    return "appointments reconcile --since " + since;
  }
}

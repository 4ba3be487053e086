package io.callsync.outbox;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the slot continues what this relay sent before. Where it does not, or nobody can
 * know, the kept window is sent again.
 */
final class Doubt {

  /** Which history of which server a position belongs to. */
  record Server(long systemId, String timeline) {}

  /**
   * What the relay remembers.
   *
   * @param server null before the first complete sending
   * @param relayed everything committed before it is acknowledged by Kafka
   * @param resendFrom the first kept row that is still to be sent again, null where none is
   */
  record Remembered(@Nullable Server server, Lsn relayed, @Nullable Long resendFrom) {}

  /**
   * @param from the first row to send again
   */
  record Resend(long from, String reason) {
    static final long ALL = 0;
  }

  /**
   * The slot as it is.
   *
   * @param confirmed the position from which the server would stream
   * @param lost whether the server has dropped log that the slot still needs
   */
  record Slot(Lsn confirmed, boolean lost) {}

  private Doubt() {}

  /** What to send again and why, or empty where the slot can be trusted. */
  static Optional<Resend> decide(Remembered remembered, Server server, @Nullable Slot slot) {
    if (slot == null) {
      return all("the replication slot did not exist");
    }
    if (slot.lost()) {
      return all("the server had dropped log that the replication slot needed");
    }
    if (remembered.server() == null) {
      return all("nothing was sent from this database before");
    }
    if (!remembered.server().equals(server)) {
      return all("the database is another server or was failed over");
    }
    if (slot.confirmed().compareTo(remembered.relayed()) > 0) {
      return all("the replication slot stands further than what was acknowledged");
    }
    return Optional.ofNullable(remembered.resendFrom())
        .map(from -> new Resend(from, "an earlier leader did not finish, or was late"));
  }

  private static Optional<Resend> all(String reason) {
    return Optional.of(new Resend(Resend.ALL, reason));
  }
}

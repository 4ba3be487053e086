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
   * @param resend whether sending the kept window was begun and not finished
   */
  record Remembered(@Nullable Server server, Lsn relayed, boolean resend) {}

  /**
   * The slot as it is.
   *
   * @param confirmed the position from which the server would stream
   * @param lost whether the server has dropped log that the slot still needs
   */
  record Slot(Lsn confirmed, boolean lost) {}

  private Doubt() {}

  /** The reason to send again, or empty where the slot can be trusted. */
  static Optional<String> reason(Remembered remembered, Server server, @Nullable Slot slot) {
    if (slot == null) {
      return Optional.of("the replication slot did not exist");
    }
    if (slot.lost()) {
      return Optional.of("the server had dropped log that the replication slot needed");
    }
    if (remembered.server() == null) {
      return Optional.of("nothing was sent from this database before");
    }
    if (!remembered.server().equals(server)) {
      return Optional.of("the database is another server or was failed over");
    }
    if (remembered.resend()) {
      return Optional.of("an earlier sending of the kept window was not finished");
    }
    if (slot.confirmed().compareTo(remembered.relayed()) > 0) {
      return Optional.of("the replication slot stands further than what was acknowledged");
    }
    return Optional.empty();
  }
}

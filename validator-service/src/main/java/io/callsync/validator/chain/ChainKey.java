package io.callsync.validator.chain;

import java.util.UUID;

/** Names a chain: the call it hangs on, or the booking where no call made it. */
public sealed interface ChainKey {

  /** A call and all that belongs to it. */
  record OfCall(long id) implements ChainKey {
    @Override
    public String text() {
      return "call:" + id;
    }
  }

  /** A booking without a call. */
  record OfBooking(UUID id) implements ChainKey {
    @Override
    public String text() {
      return "booking:" + id;
    }
  }

  String text();

  /** Whether the text names a chain, and not a company or a service. */
  static boolean isKey(String text) {
    return text.startsWith("call:") || text.startsWith("booking:");
  }

  /**
   * @throws IllegalArgumentException where the text names no chain
   */
  static ChainKey parse(String text) {
    if (text.startsWith("call:")) {
      return new OfCall(Long.parseLong(text.substring("call:".length())));
    }
    if (text.startsWith("booking:")) {
      return new OfBooking(UUID.fromString(text.substring("booking:".length())));
    }
    throw new IllegalArgumentException("no chain key: " + text);
  }
}

package io.callsync.gateway.calcom;

import io.callsync.gateway.delivery.Chain;

/** Asks that an account be compared with Cal.com soon: a message has told only part of what was. */
public interface ReconciliationWish {

  /** Durable with the rest of the transaction; asked again, it is one wish, of the later time. */
  void soon(Chain chain, String calcomAccount);
}

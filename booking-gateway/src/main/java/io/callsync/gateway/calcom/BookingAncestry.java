package io.callsync.gateway.calcom;

import io.callsync.gateway.booking.BookingIdentity;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Asks Cal.com along the chain of uids, backwards, until a link is known here. */
@Component
public class BookingAncestry {

  private static final int LONGEST_CHAIN = 20;

  private final CalcomAccounts calcom;
  private final BookingIdentity identity;

  BookingAncestry(CalcomAccounts calcom, BookingIdentity identity) {
    this.calcom = calcom;
    this.identity = identity;
  }

  /** The chain up to that uid as Cal.com knows it, oldest first; ends where we know it. */
  public List<CalcomFact> of(String account, String uid) throws CalcomUnavailable {
    List<CalcomFact> chain = new ArrayList<>();
    String next = uid;
    while (next != null && chain.size() < LONGEST_CHAIN) {
      Optional<CalcomFact> fact =
          calcom.of(account).find(next).flatMap(b -> CalcomMessages.booking(account, b));
      if (fact.isEmpty()) {
        break;
      }
      chain.addFirst(fact.get());
      String previous = fact.get().link().previousUid();
      next = previous == null || !identity.ofUid(account, previous).isEmpty() ? null : previous;
    }
    return chain;
  }
}

package io.callsync.gateway.delivery;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.directory.Directory;
import io.callsync.outbox.Outbox;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs one decision about a chain in one transaction. */
@Component
public class Chains {

  private static final int ATTEMPTS = 4;

  private final TransactionTemplate transactions;
  private final AggregateStore store;
  private final Outbox outbox;
  private final Pseudonyms pseudonyms;
  private final Directory directory;

  Chains(
      TransactionTemplate transactions,
      AggregateStore store,
      Outbox outbox,
      Pseudonyms pseudonyms,
      Directory directory) {
    this.transactions = transactions;
    this.store = store;
    this.outbox = outbox;
    this.pseudonyms = pseudonyms;
    this.directory = directory;
  }

  /** Commits what {@code decision} saved; a dead lock is tried again, since nothing was done. */
  public <T> T decide(Function<Chain, T> decision) {
    for (int attempt = 1; ; attempt++) {
      try {
        return transactions.execute(
            status -> {
              Chain chain = new Chain(store, outbox, pseudonyms, directory::contactRules);
              T decided = decision.apply(chain);
              chain.flush();
              return decided;
            });
      } catch (PessimisticLockingFailureException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** What {@code decision} would do: decided as ever, and taken back. */
  public <T> T rehearse(Function<Chain, T> decision) {
    return Objects.requireNonNull(
        transactions.execute(
            status -> {
              status.setRollbackOnly();
              return decision.apply(new Chain(store, outbox, pseudonyms, directory::contactRules));
            }));
  }

  /** A booking as it stands, without a lock; where it turned out to be another one, that one. */
  public BookingState read(UUID bookingId) {
    BookingState state = store.readBooking(bookingId).orElseThrow().state();
    return state.aliasOf() == null ? state : read(state.aliasOf());
  }
}

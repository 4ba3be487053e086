package io.callsync.gateway.calcom;

import io.callsync.gateway.delivery.Chain;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.stereotype.Repository;

/** The wishes' rows, one an account. */
@Repository
class ReconciliationWishes implements ReconciliationWish {

  private final Clock clock;

  ReconciliationWishes(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void soon(Chain chain, String calcomAccount) {
    chain.later(
        """
        insert into reconciliation_wish as w (calcom_account, asked_at) values (?, ?)
        on conflict (calcom_account) do update set asked_at = greatest(w.asked_at, excluded.asked_at)
        """,
        calcomAccount,
        Timestamp.from(clock.instant()));
  }
}

package io.callsync.validator.feed;

import io.callsync.events.ChainChanged;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.check.Due;
import io.callsync.validator.expectation.Expectations;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.stereotype.Component;

/** Row changes, whoever made them, tell which chains to look at. */
@Component
class ChangeBatch implements Batch {

  private final Expectations expectations;
  private final Due due;
  private final ValidatorProperties.Times times;

  ChangeBatch(Expectations expectations, Due due, ValidatorProperties properties) {
    this.expectations = expectations;
    this.due = due;
    this.times = properties.validator();
  }

  @Override
  public void take(List<SpecificRecord> records, Instant now) {
    Set<ChainKey> chains = new HashSet<>();
    Set<UUID> bookings = new HashSet<>();
    Set<Long> customers = new HashSet<>();
    Set<Long> companies = new HashSet<>();
    Consumer<String> ofCall = id -> chains.add(new ChainKey.OfCall(Long.parseLong(id)));
    for (SpecificRecord record : records) {
      if (!(record instanceof ChainChanged change)) {
        continue;
      }
      switch (change.getTable()) {
        case "calls" -> links(change, "id", ofCall);
        case "appointments" -> {
          links(change, "call_id", ofCall);
          links(change, "booking_id", id -> bookings.add(UUID.fromString(id)));
          callLess(change).map(ChainKey.OfBooking::new).forEach(chains::add);
        }
        case "appointment_calls" -> links(change, "call_id", ofCall);
        case "customers" -> {
          if (bearsOnChains(change)) {
            links(change, "id", id -> customers.add(Long.parseLong(id)));
          }
        }
        case "companies" -> {
          if (bearsOnChains(change)) {
            links(change, "id", id -> companies.add(Long.parseLong(id)));
          }
        }
        default -> {
          // No rule looks at it.
        }
      }
    }
    chains.addAll(expectations.chainsOfBookings(bookings));
    chains.addAll(expectations.chainsOfCustomers(customers));
    chains.addAll(expectations.chainsOfCompanies(companies));
    due.mark(chains, now, now.plus(times.debounce()));
  }

  /** A new name changes no verdict; coming, going and moving to another company may. */
  private static boolean bearsOnChains(ChainChanged change) {
    return !change.getOp().equals("u")
        || !Objects.equals(
            change.getLinksBefore().get("company_id"), change.getLinks().get("company_id"));
  }

  /** The bookings whose row names no call, before or after: chains of their own. */
  private static Stream<UUID> callLess(ChainChanged change) {
    return Stream.of(change.getLinksBefore(), change.getLinks())
        .filter(links -> links.containsKey("booking_id") && !links.containsKey("call_id"))
        .map(links -> UUID.fromString(links.get("booking_id")));
  }

  private static void links(ChainChanged change, String column, Consumer<String> take) {
    for (var links : List.of(change.getLinksBefore(), change.getLinks())) {
      String value = links.get(column);
      if (value != null && !value.isEmpty()) {
        take.accept(value);
      }
    }
  }
}

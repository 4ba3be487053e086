package io.callsync.gateway.retell;

import io.callsync.gateway.booking.Offers;
import io.callsync.gateway.booking.Offers.Offer;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.ServiceEntry;
import io.callsync.gateway.retell.Conversation.Turn;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;

/** Writes down what an answer offers, before it is said. */
@Component
class OfferBook {

  private final Chains chains;
  private final Offers offers;

  OfferBook(Chains chains, Offers offers) {
    this.chains = chains;
    this.offers = offers;
  }

  FunctionAnswer offered(
      Turn turn,
      CompanyEntry company,
      ServiceEntry service,
      List<Instant> starts,
      FunctionAnswer answer) {
    return offering(turn, company, service, starts).apply(answer);
  }

  /** What adds the offers to an answer: id, instant with offset, spoken. They are kept already. */
  UnaryOperator<FunctionAnswer> offering(
      Turn turn, CompanyEntry company, ServiceEntry service, List<Instant> starts) {
    String retellCallId = turn.call().retellCallId();
    List<Offer> kept =
        chains.decide(
            chain -> {
              // Two answers of one call at the same time number their offers one after the other.
              chain.call(retellCallId);
              return offers.offer(retellCallId, service.id(), starts, turn.now());
            });
    Sentences say = Sentences.in(company.language());
    List<Map<String, Object>> views =
        kept.stream().map(offer -> view(offer, company, say)).toList();
    return answer ->
        answer
            .with("service", service.name())
            .with("timezone", company.timezone())
            .with("offers", views);
  }

  private static Map<String, Object> view(Offer offer, CompanyEntry company, Sentences say) {
    var local = offer.startsAt().atZone(company.zone());
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("offer_id", offer.id());
    view.put("start", local.toOffsetDateTime().toString());
    view.put("spoken", say.spoken(local));
    return view;
  }
}

package io.callsync.gateway.retell;

import io.callsync.gateway.booking.FreeTimes;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.ServiceChoice;
import io.callsync.gateway.directory.ServiceEntry;
import io.callsync.gateway.retell.Conversation.Turn;
import io.callsync.gateway.spoken.Moment;
import io.callsync.gateway.spoken.SpokenClock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells what is free, from Cal.com's slots of this moment and nothing else. Every time it names is
 * an offer that can be booked by its id.
 */
@Component
class CheckAvailability implements AgentFunction {

  private static final int NAMED = 4;

  private final Conversation conversation;
  private final Directory directory;
  private final OfferBook offerBook;
  private final FreeSlots slots;

  CheckAvailability(
      Conversation conversation, Directory directory, OfferBook offerBook, FreeSlots slots) {
    this.conversation = conversation;
    this.directory = directory;
    this.offerBook = offerBook;
    this.slots = slots;
  }

  @Override
  public String name() {
    return "check_availability";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    Turn turn = conversation.turn(request, call);
    if (turn.company().isEmpty()) {
      return Turn.companyUnknown();
    }
    CompanyEntry company = turn.company().get();
    Sentences say = Sentences.in(company.language());
    FunctionAnswer answer;
    try {
      answer = look(turn, company, say);
    } catch (CalcomUnavailable away) {
      answer = FunctionAnswer.of("try_later", say.cannotLook());
    }
    return answer.today(turn.now(), company);
  }

  private FunctionAnswer look(Turn turn, CompanyEntry company, Sentences say)
      throws CalcomUnavailable {
    Moment moment = turn.args().moment("", company.zone(), turn.now());
    ServiceChoice choice = ServiceChoice.of(directory, company.id(), turn.args().text("service"));
    if (turn.args().contradiction().isPresent()) {
      return FunctionAnswer.contradiction(turn.args(), company);
    }
    return switch (choice) {
      case ServiceChoice.Ask ask -> FunctionAnswer.askBack(ask.status(), company, ask.offered());
      case ServiceChoice.Chosen chosen ->
          switch (moment) {
            case Moment.Exact exact -> exact(turn, company, chosen.service(), exact.instant(), say);
            case Moment.OnDay day -> onDay(turn, company, chosen.service(), day, say);
            case Moment.Ask ask -> ask(turn, company, chosen.service(), ask);
          };
    };
  }

  private FunctionAnswer exact(
      Turn turn, CompanyEntry company, ServiceEntry service, Instant wished, Sentences say)
      throws CalcomUnavailable {
    List<Instant> free = free(service, day(wished, company.zone()), company.zone(), turn.now());
    if (free.contains(wished)) {
      return offerBook.offered(
          turn,
          company,
          service,
          List.of(wished),
          FunctionAnswer.of(
              "available", say.available(service.name(), wished.atZone(company.zone()))));
    }
    return instead(turn, company, service, FreeTimes.near(free, wished, NAMED), say);
  }

  private FunctionAnswer onDay(
      Turn turn, CompanyEntry company, ServiceEntry service, Moment.OnDay day, Sentences say)
      throws CalcomUnavailable {
    List<Instant> free =
        free(service, day.date(), company.zone(), turn.now()).stream()
            .filter(start -> within(day.part(), start.atZone(company.zone()).toLocalTime()))
            .toList();
    if (free.isEmpty()) {
      return instead(turn, company, service, List.of(), say);
    }
    List<Instant> named = FreeTimes.spread(free, NAMED);
    return offerBook.offered(
        turn,
        company,
        service,
        named,
        FunctionAnswer.of("available", say.free(named, company.zone())));
  }

  /** Nothing at the wished time: what is near, else the next free times whatever the day. */
  private FunctionAnswer instead(
      Turn turn, CompanyEntry company, ServiceEntry service, List<Instant> near, Sentences say)
      throws CalcomUnavailable {
    List<Instant> named = near.isEmpty() ? slots.next(service, turn.now(), NAMED - 1) : near;
    FunctionAnswer answer =
        FunctionAnswer.of(
            "unavailable",
            named.isEmpty() ? say.nothingFree() : say.instead(named, company.zone()));
    return offerBook
        .offered(turn, company, service, named, answer)
        .with("next_free", near.isEmpty() ? first(named, company.zone()) : null);
  }

  /** A question is asked with the next free times at hand. */
  private FunctionAnswer ask(Turn turn, CompanyEntry company, ServiceEntry service, Moment.Ask ask)
      throws CalcomUnavailable {
    FunctionAnswer question =
        FunctionAnswer.askBack(ask.status(), company, List.of())
            .with("suggestion", ask.suggestion() == null ? null : ask.suggestion().toString());
    return ask.status().equals("date_unclear")
        ? question
        : offerBook.offered(
            turn, company, service, slots.next(service, turn.now(), NAMED - 1), question);
  }

  private List<Instant> free(ServiceEntry service, LocalDate day, ZoneId zone, Instant now)
      throws CalcomUnavailable {
    Instant from = day.atStartOfDay(zone).toInstant();
    Instant to = day.plusDays(1).atStartOfDay(zone).toInstant();
    return slots.between(service, from, to).stream().filter(start -> start.isAfter(now)).toList();
  }

  private static @Nullable String first(List<Instant> named, ZoneId zone) {
    return named.isEmpty() ? null : named.getFirst().atZone(zone).toOffsetDateTime().toString();
  }

  private static LocalDate day(Instant instant, ZoneId zone) {
    return instant.atZone(zone).toLocalDate();
  }

  private static boolean within(SpokenClock.@Nullable During part, LocalTime time) {
    return part == null || (!time.isBefore(part.from()) && time.isBefore(part.until()));
  }
}

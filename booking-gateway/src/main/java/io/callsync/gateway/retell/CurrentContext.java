package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.CallersBookings;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.retell.Conversation.Turn;
import java.util.List;
import org.springframework.stereotype.Component;

/** What day it is where the company is, and whether the caller has an appointment. */
@Component
class CurrentContext implements AgentFunction {

  private final Conversation conversation;
  private final CallersBookings bookings;
  private final Directory directory;

  CurrentContext(Conversation conversation, CallersBookings bookings, Directory directory) {
    this.conversation = conversation;
    this.bookings = bookings;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "current_context";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    return conversation.inCompany(request, call, this::context);
  }

  private FunctionAnswer context(Turn turn, CompanyEntry company) {
    Sentences say = Sentences.in(company.language());
    List<BookingState> standing = bookings.standing(turn.call(), company.id(), turn.now());
    return FunctionAnswer.of("ok", say.today(turn.now().atZone(company.zone())))
        .with("company", company.name())
        .with("appointments", Views.of(standing, company, directory))
        .today(turn.now(), company);
  }
}

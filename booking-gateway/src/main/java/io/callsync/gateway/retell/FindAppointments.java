package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.CallersBookings;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.retell.Conversation.Turn;
import java.util.List;
import org.springframework.stereotype.Component;

/** The caller's own appointments to come. */
@Component
class FindAppointments implements AgentFunction {

  private final Conversation conversation;
  private final CallersBookings bookings;
  private final Directory directory;

  FindAppointments(Conversation conversation, CallersBookings bookings, Directory directory) {
    this.conversation = conversation;
    this.bookings = bookings;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "find_appointments";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    return conversation.inCompany(request, call, this::found);
  }

  private FunctionAnswer found(Turn turn, CompanyEntry company) {
    List<BookingState> standing = bookings.standing(turn.call(), company.id(), turn.now());
    Sentences say = Sentences.in(company.language());
    FunctionAnswer answer =
        standing.isEmpty()
            ? FunctionAnswer.of("appointment_not_found", say.noAppointments())
            : FunctionAnswer.of(
                "found", say.appointments(Views.spoken(standing, company, directory)));
    return answer
        .with("appointments", Views.of(standing, company, directory))
        .today(turn.now(), company);
  }
}

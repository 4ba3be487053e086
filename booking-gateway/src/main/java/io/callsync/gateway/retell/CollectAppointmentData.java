package io.callsync.gateway.retell;

import org.springframework.stereotype.Component;

/**
 * The predecessor's function of two meanings: it books where the consent is the boolean true, and
 * checks otherwise.
 */
@Component
record CollectAppointmentData(CheckAvailability check, BookAppointment book)
    implements AgentFunction {

  @Override
  public String name() {
    return "collect_appointment_data";
  }

  /** Where yes and no are said at once, checking says that they contradict each other. */
  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    if (new Arguments(call.args()).consent()) {
      return book.answer(request, call);
    }
    FunctionAnswer checked = check.answer(request, call);
    return checked.status().equals("available")
        ? checked.with("status", "confirmation_required")
        : checked;
  }
}

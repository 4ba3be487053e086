package io.callsync.gateway.retell;

import org.springframework.stereotype.Component;

/** Moves one of the caller's own appointments, in Cal.com's one step. */
@Component
record RescheduleAppointment(ChangeAppointment change) implements AgentFunction {

  @Override
  public String name() {
    return "reschedule_appointment";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    return change.reschedule(request, call);
  }
}

package io.callsync.gateway.retell;

import org.springframework.stereotype.Component;

/** Cancels one of the caller's own appointments. */
@Component
record CancelAppointment(ChangeAppointment change) implements AgentFunction {

  @Override
  public String name() {
    return "cancel_appointment";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    return change.cancel(request, call);
  }
}

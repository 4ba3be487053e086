package io.callsync.gateway.retell;

/** One thing an agent may ask for during a call. */
interface AgentFunction {

  /** The canonical name; what prompts call it otherwise, {@link FunctionNames} knows. */
  String name();

  FunctionAnswer answer(VerifiedRequest request, FunctionCall call);
}

package io.callsync.gateway.call;

/** Which delivery a fact about a call came with, in the order in which later ones know more. */
public enum CallSource {
  /** Imported, the weakest. */
  PREDECESSOR,
  FUNCTION,
  STARTED,
  ENDED,
  ANALYZED
}

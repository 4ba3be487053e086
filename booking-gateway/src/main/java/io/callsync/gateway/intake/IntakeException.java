package io.callsync.gateway.intake;

/** A request that cannot be taken, and what its sender is told. Nothing of it was stored. */
public final class IntakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String sentence;

  public IntakeException(int status, String code, String sentence) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.sentence = sentence;
  }

  public static IntakeException notSigned(String header) {
    return new IntakeException(
        401,
        "signature_wrong",
        "The signature in %s is missing, stale or of another key; nothing was stored."
            .formatted(header));
  }

  public static IntakeException tooMany() {
    return new IntakeException(
        429,
        "too_many_requests",
        "This connection sends more than its limit allows; nothing was stored, send it again in a second.");
  }

  /** A signature opens only the calls of its own connection. */
  public static IntakeException foreignCall() {
    return new IntakeException(
        403,
        "call_of_another_connection",
        "This call belongs to another connection; nothing was stored: check which key signs for which address.");
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String sentence() {
    return sentence;
  }
}

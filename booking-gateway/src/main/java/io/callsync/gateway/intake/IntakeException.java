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

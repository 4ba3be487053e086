package io.callsync.projector;

/** An order that makes no job; the message is one sentence with the next step. */
final class OrderRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  OrderRefused(int status, String code, String sentence) {
    super(sentence);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}

package io.callsync.projector;

/** A job cannot be done, now or later; the message is one sentence with the next step. */
final class JobFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JobFailure(String sentence) {
    super(sentence);
  }
}

package io.callsync.gateway.job;

/** A job cannot be done, now or later; the message is one sentence with the next step. */
public final class JobFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFailure(String sentence) {
    super(sentence);
  }
}

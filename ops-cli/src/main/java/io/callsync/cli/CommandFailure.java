package io.callsync.cli;

/** The command cannot do its work; the message is one sentence for people, with the next step. */
class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The service does not answer, or is busy with the same: later it may go on. */
  static final class NotNow extends CommandFailure {
    private static final long serialVersionUID = 1L;

    NotNow(String sentence) {
      super(sentence);
    }

    NotNow(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  /** The service refuses what was sent. */
  static final class Refused extends CommandFailure {
    private static final long serialVersionUID = 1L;

    Refused(String sentence) {
      super(sentence);
    }
  }

  CommandFailure(String sentence) {
    super(sentence);
  }

  CommandFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}

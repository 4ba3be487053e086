package io.callsync.validator.repair;

/** What mends a chain. */
interface Remedies {

  /** What keeps a remedy from being applied. */
  final class NotApplied extends Exception {
    private static final long serialVersionUID = 1L;

    NotApplied(String sentence) {
      super(sentence);
    }
  }

  /**
   * @throws NotApplied where a service is away or refuses; what was applied before stays
   */
  void apply(Attempt attempt) throws NotApplied, InterruptedException;
}

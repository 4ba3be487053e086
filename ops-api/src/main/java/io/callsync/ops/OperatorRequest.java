package io.callsync.ops;

import org.jspecify.annotations.Nullable;

/**
 * A request of an operator that may change something, as it will stand in the audit. Whoever takes
 * the request says what it is; what nobody says is told by its method and path. A controller gets
 * it as request attribute.
 */
public final class OperatorRequest {

  /** The name of the request's attribute. */
  public static final String ATTRIBUTE = "operatorRequest";

  static final int LONGEST = 500;

  private final long actionId;
  private final String operator;
  private String command;
  private String subject = "";
  private String reason;
  private boolean shows;
  private boolean goesOn;
  private @Nullable String refusal;
  private String outcome = "";

  OperatorRequest(long actionId, String operator, String command, String reason) {
    this.actionId = actionId;
    this.operator = operator;
    this.command = command;
    this.reason = reason;
  }

  /** The row of the audit. */
  public long actionId() {
    return actionId;
  }

  /** The name of the token that was shown. */
  public String operator() {
    return operator;
  }

  /** Why; empty where nobody said. */
  public String reason() {
    return reason;
  }

  /**
   * Names the command as operators type it, and what it is about; nothing personal.
   *
   * @return this
   */
  public OperatorRequest is(String command, String subject) {
    this.command = bounded(command);
    this.subject = bounded(subject);
    return this;
  }

  /** A reason that came in the body; the header's comes first. */
  public void because(@Nullable String given) {
    if (reason.isEmpty() && given != null) {
      reason = bounded(given);
    }
  }

  /** Nothing is changed: it leaves no trace. */
  public void onlyShows() {
    shows = true;
  }

  /** Its end comes after its answer: whoever goes on tells {@link Audit#end}. */
  public void goesOn() {
    goesOn = true;
  }

  /** What came of it; short, nothing personal. */
  public void cameTo(String detail) {
    outcome = bounded(detail);
  }

  /** It was answered, and not done. */
  public void refused(String detail) {
    refusal = bounded(detail);
  }

  String command() {
    return command;
  }

  String subject() {
    return subject;
  }

  boolean doesOnlyShow() {
    return shows;
  }

  boolean doesGoOn() {
    return goesOn;
  }

  @Nullable String refusal() {
    return refusal;
  }

  String detail() {
    return outcome;
  }

  /** One line of bounded length. */
  static String bounded(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST);
  }
}

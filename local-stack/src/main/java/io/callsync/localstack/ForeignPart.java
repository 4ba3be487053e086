package io.callsync.localstack;

/**
 * A part that is no process of this stack's making, such as a container, and listens on its port.
 */
public interface ForeignPart {

  boolean isRunning();

  /** Starts it where it does not run; whether it is healthy is asked afterwards. */
  void start();

  /** Stops it gracefully; its data stays. */
  void stop();

  /** Ends it at once, as a crash would; its data stays. */
  void kill();

  /** Stops it in its tracks until it is resumed. */
  void suspend();

  void resume();
}

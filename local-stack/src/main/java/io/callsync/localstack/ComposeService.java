package io.callsync.localstack;

/** A container of docker-compose.yml: compose alone starts and ends it. */
final class ComposeService implements ForeignPart {

  @Override
  public boolean isRunning() {
    return true;
  }

  @Override
  public void start() {}

  @Override
  public void stop() {
    throw refusal();
  }

  @Override
  public void kill() {
    throw refusal();
  }

  @Override
  public void suspend() {
    throw refusal();
  }

  @Override
  public void resume() {
    throw refusal();
  }

  private static StackException refusal() {
    return new StackException("these are containers: stop them with docker-compose");
  }
}

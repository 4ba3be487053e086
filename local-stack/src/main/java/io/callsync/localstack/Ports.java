package io.callsync.localstack;

/**
 * The ports of one stack, all counted from one base, so that two checkouts run side by side with
 * two bases.
 */
public record Ports(int base) {

  /** Far from 5432, 8080, 9092 and below the range that the system hands out by itself. */
  public static final int DEFAULT_BASE = 17400;

  public Ports {
    if (base < 1024 || base > 65_400) {
      throw new StackException("the port base must lie between 1024 and 65400, and is " + base);
    }
  }

  public int of(Part part) {
    return base
        + switch (part) {
          case GATEWAY -> 10;
          case GATEWAY2 -> 11;
          case PROJECTOR -> 20;
          case VALIDATOR -> 30;
          case CALCOM -> 40;
          case RETELL -> 50;
          case REGISTRY -> 60;
          case KAFKA -> 70;
          case POSTGRES -> 80;
        };
  }

  int registryManagement() {
    return of(Part.REGISTRY) + 1;
  }

  int kafkaController() {
    return of(Part.KAFKA) + 1;
  }
}

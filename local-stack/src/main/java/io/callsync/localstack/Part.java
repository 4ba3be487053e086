package io.callsync.localstack;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The processes of a stack, in the order in which they are shown. */
public enum Part {
  KAFKA,
  POSTGRES,
  REGISTRY,
  CALCOM,
  RETELL,
  GATEWAY,
  /** A second gateway on the same database, which runs only where somebody starts it. */
  GATEWAY2,
  PROJECTOR,
  VALIDATOR;

  /** What is built in this repository and runs on the others. */
  public static final Set<Part> SERVICES = Set.copyOf(EnumSet.range(GATEWAY, VALIDATOR));

  /** The name in logs, pid files, messages and the status. */
  public String processName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws StackException that lists the known names where it is none of them
   */
  public static Part named(String processName) {
    return Arrays.stream(values())
        .filter(p -> p.processName().equals(processName))
        .findFirst()
        .orElseThrow(
            () ->
                new StackException(
                    "no process is called '%s': known are %s"
                        .formatted(
                            processName,
                            Arrays.stream(values())
                                .map(Part::processName)
                                .collect(Collectors.joining(", ")))));
  }
}

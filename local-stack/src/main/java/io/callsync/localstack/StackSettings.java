package io.callsync.localstack;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where a stack lives: the checkout it was built from, its data folder, its ports and its secrets.
 *
 * @param calcomApiBase Cal.com's real address, or null for the stand-in
 * @param realRetell whether a real account calls, so that no stand-in does
 * @param composed whether the parts are the containers of docker-compose.yml
 */
public record StackSettings(
    Path checkout,
    Path home,
    Ports ports,
    Secrets secrets,
    @Nullable String calcomApiBase,
    boolean realRetell,
    boolean composed) {

  private static final String KEPT = "stack.properties";

  /**
   * Reads what the data folder keeps and completes it.
   *
   * @param portBase the base asked for, or null for the environment's, the kept or the default one
   */
  public static StackSettings load(
      Path checkout, Path home, @Nullable Integer portBase, Map<String, String> environment) {
    Properties kept = new Properties();
    Path file = home.resolve(KEPT);
    try {
      Files.createDirectories(home);
      if (Files.exists(file)) {
        try (Reader reader = Files.newBufferedReader(file)) {
          kept.load(reader);
        }
      }
      Ports ports = new Ports(base(portBase, environment, kept));
      kept.setProperty("portBase", String.valueOf(ports.base()));
      Secrets secrets = Secrets.of(environment, kept);
      writePrivately(file, kept);
      boolean composed = environment.getOrDefault("CALLSYNC_STACK", "").equals("compose");
      boolean standIns =
          composed && environment.getOrDefault("COMPOSE_PROFILES", "").contains("demo");
      String calcomKey = standIns ? "" : environment.getOrDefault("CALCOM_API_KEY", "");
      String retellKey = standIns ? "" : environment.getOrDefault("RETELL_API_KEY", "");
      return new StackSettings(
          checkout.toAbsolutePath().normalize(),
          home.toAbsolutePath().normalize(),
          ports,
          secrets,
          calcomKey.isBlank()
              ? null
              : environment.getOrDefault("CALCOM_API_BASE", "https://api.cal.com"),
          !retellKey.isBlank(),
          composed);
    } catch (IOException e) {
      throw new UncheckedIOException("the data folder " + home + " cannot be used", e);
    }
  }

  private static int base(
      @Nullable Integer asked, Map<String, String> environment, Properties kept) {
    if (asked != null) {
      return asked;
    }
    String text =
        environment.getOrDefault(
            "CALLSYNC_PORT_BASE", kept.getProperty("portBase", String.valueOf(Ports.DEFAULT_BASE)));
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new StackException("CALLSYNC_PORT_BASE must be a number, and is '" + text + "'", e);
    }
  }

  private static void writePrivately(Path file, Properties kept) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    try (Writer writer = Files.newBufferedWriter(file)) {
      kept.store(
          writer, "Made at the first start of this stack; belongs to this data folder alone");
    }
  }

  /** Whether the part belongs to this stack whenever it is up. */
  boolean runs(Part part) {
    return switch (part) {
      case CALCOM -> calcomApiBase == null;
      case RETELL -> !realRetell;
      case GATEWAY2 -> false;
      default -> true;
    };
  }

  /** Whether this is the stack that people use, and not one of many that come and go. */
  boolean isDefaultHome() {
    return home.equals(defaultHome(checkout));
  }

  /** The data folder that people use: the environment's, or the checkout's own. */
  public static Path home(Path checkout, Map<String, String> environment) {
    String given = environment.getOrDefault("CALLSYNC_HOME", "");
    return given.isBlank() ? defaultHome(checkout) : Path.of(given);
  }

  static Path defaultHome(Path checkout) {
    return checkout.resolve(".callsync").toAbsolutePath().normalize();
  }

  /** Where the build put what the stack runs on. */
  Path provisions() {
    return checkout.resolve("local-stack/target");
  }

  Path data(Part part) {
    return home.resolve("data").resolve(part.processName());
  }

  /** The checkout that holds the given folder or one of its parents. */
  public static Path findCheckout(Path start) {
    for (Path p = start.toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.exists(p.resolve(".mvn/find-jdk"))) {
        return p;
      }
    }
    throw new StackException("no checkout of CallSync lies around " + start.toAbsolutePath());
  }
}

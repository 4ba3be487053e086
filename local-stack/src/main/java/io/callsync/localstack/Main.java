package io.callsync.localstack;

import io.callsync.localstack.demo.Demo;
import io.callsync.localstack.http.JsonClient;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands up, down, status, reset and demo of the launcher. */
public final class Main {

  private final PrintStream out;
  private final Path checkout;
  private final Map<String, String> environment;

  private Main(PrintStream out, Path checkout, Map<String, String> environment) {
    this.out = out;
    this.checkout = checkout;
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    // Kafka's client looks for a logger and would complain about none; what matters it throws.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    try {
      Path checkout =
          StackSettings.findCheckout(Path.of(System.getProperty("callsync.checkout", ".")));
      return new Main(System.out, checkout, System.getenv()).execute(arguments);
    } catch (StackException e) {
      System.err.println(e.getMessage());
      return 1;
    } catch (UncheckedIOException e) {
      System.err.println(e.getMessage() + ": " + e.getCause());
      return 1;
    }
  }

  private int execute(String[] arguments) {
    Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
    String command = rest.isEmpty() ? "" : rest.pop();
    Options options = Options.parse(rest);
    StackSettings settings =
        StackSettings.load(
            checkout, StackSettings.home(checkout, environment), options.portBase(), environment);
    LocalStack stack = new LocalStack(settings, out::println);
    return switch (command) {
      case "up" -> up(stack, options);
      case "down" -> down(stack);
      case "status" -> status(stack, options);
      case "reset" -> reset(stack);
      case "demo" -> demo(stack, options);
      default -> throw new StackException("unknown command '" + command + "': see --help");
    };
  }

  private int up(LocalStack stack, Options options) {
    long began = System.nanoTime();
    Set<Part> parts = options.only().isEmpty() ? stack.parts() : options.only();
    stack.start(parts);
    List<LocalStack.ProcessStatus> status = stack.status();
    String json = StatusReport.json(stack, status);
    StatusReport.write(stack.settings().home().resolve("status.json"), json);
    out.print(StatusReport.table(status));
    out.printf("all healthy after %.1f s%n", (System.nanoTime() - began) / 1e9);
    for (Part part : parts) {
      out.printf("%-10s %s%n", part.processName(), address(part, stack.addresses()));
    }
    return 0;
  }

  private static String address(Part part, Addresses addresses) {
    return switch (part) {
      case KAFKA -> addresses.kafka();
      case POSTGRES -> addresses.jdbc("appointments");
      case REGISTRY -> addresses.registry().toString();
      case CALCOM -> addresses.calcom() + " (stand-in)";
      case RETELL -> addresses.retell() + " (stand-in)";
      case GATEWAY -> addresses.gateway().toString();
      case GATEWAY2 -> addresses.secondGateway().toString();
      case PROJECTOR -> addresses.projector().toString();
      case VALIDATOR -> addresses.validator().toString();
    };
  }

  private int down(LocalStack stack) {
    stack.stop();
    out.println("all processes have ended; the data stays in " + stack.settings().home());
    return 0;
  }

  private int status(LocalStack stack, Options options) {
    List<LocalStack.ProcessStatus> status = stack.status();
    out.print(
        options.json() ? StatusReport.json(stack, status) + "\n" : StatusReport.table(status));
    if (!options.json()) {
      stack.openWork().forEach(out::println);
    }
    return status.stream().allMatch(LocalStack.ProcessStatus::healthy) ? 0 : 1;
  }

  private int demo(LocalStack stack, Options options) {
    try {
      if (stack.settings().composed()
          && DemoDirectory.importWhereEmpty(
              stack.addresses(), stack.settings().secrets().operatorToken())) {
        out.println("two demo companies imported into the empty directory");
      }
      return new Demo(stack, out).run(options.calls(), options.rate()) ? 0 : 1;
    } catch (SQLException e) {
      throw new StackException("the database does not answer the demo: " + e.getMessage(), e);
    } catch (JsonClient.AnswerException e) {
      throw new StackException(String.valueOf(e.getMessage()), e);
    }
  }

  private int reset(LocalStack stack) {
    stack.kill();
    Path home = stack.settings().home();
    for (String folder : List.of("data", "run", "log")) {
      delete(home.resolve(folder));
    }
    delete(home.resolve("status.json"));
    out.println("all processes have ended and all data in " + home + " is gone");
    return 0;
  }

  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }

  /** What may follow a command. */
  record Options(@Nullable Integer portBase, Set<Part> only, boolean json, int calls, int rate) {

    static Options parse(Deque<String> words) {
      Integer portBase = null;
      Set<Part> only = EnumSet.noneOf(Part.class);
      boolean json = false;
      int calls = 20;
      int rate = 5;
      List<String> unknown = new ArrayList<>();
      while (!words.isEmpty()) {
        String word = words.pop();
        switch (word) {
          case "--port-base" -> portBase = number(word, words.poll());
          case "--json" -> json = true;
          case "--calls" -> calls = positive(word, words.poll());
          case "--rate" -> rate = positive(word, words.poll());
          case "--only" -> {
            for (String name : value(word, words.poll()).split(",", -1)) {
              only.add(Part.named(name));
            }
          }
          default -> unknown.add(word);
        }
      }
      if (!unknown.isEmpty()) {
        throw new StackException("unknown option " + String.join(" ", unknown) + ": see --help");
      }
      return new Options(portBase, only, json, calls, rate);
    }

    private static String value(String option, @Nullable String text) {
      if (text == null) {
        throw new StackException(option + " needs a value");
      }
      return text;
    }

    private static int positive(String option, @Nullable String text) {
      int number = number(option, text);
      if (number < 1) {
        throw new StackException(option + " needs a number from 1 on, and got " + number);
      }
      return number;
    }

    private static int number(String option, @Nullable String text) {
      try {
        return Integer.parseInt(value(option, text));
      } catch (NumberFormatException e) {
        throw new StackException(option + " needs a number, and got '" + text + "'", e);
      }
    }
  }
}

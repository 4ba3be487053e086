package io.callsync.localstack.demo;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Invented people with numbers that are reserved for fiction. */
final class Callers {

  private static final List<String> FIRST =
      List.of(
          "Erika", "Max", "Lena", "Jonas", "Mia", "Paul", "Anna", "Emil", "Zoë", "Jürgen", "Käthe",
          "Omar");
  private static final List<String> LAST =
      List.of("Beispiel", "Muster", "Probe", "Vorlage", "Entwurf", "Skizze", "Größe", "Versuch");

  /** Frankfurt, Hamburg, Cologne and Munich: a thousand each. */
  private static final List<String> NUMBERS =
      List.of("+496990009", "+494066969", "+492214710", "+498999998");

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

  private Callers() {}

  /** What the Retell stand-in is told of a call that books this start. */
  static Map<String, Object> wishing(FreeStarts.Start start, RandomGenerator random) {
    ZonedDateTime local = start.at().atZone(FreeStarts.ZONE);
    return Map.of(
        "fromNumber",
        number(random),
        "toNumber",
        start.offer().number(),
        "function",
        "book_appointment",
        "args",
        Map.of(
            "date", local.toLocalDate().toString(),
            "time", CLOCK.format(local),
            "service", start.offer().service(),
            "name", name(random)));
  }

  private static String name(RandomGenerator random) {
    return FIRST.get(random.nextInt(FIRST.size())) + " " + LAST.get(random.nextInt(LAST.size()));
  }

  private static String number(RandomGenerator random) {
    return NUMBERS.get(random.nextInt(NUMBERS.size())) + "%03d".formatted(random.nextInt(1000));
  }
}

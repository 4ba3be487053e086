package io.callsync.localstack.demo;

import java.util.List;
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

  private Callers() {}

  static String name(RandomGenerator random) {
    return FIRST.get(random.nextInt(FIRST.size())) + " " + LAST.get(random.nextInt(LAST.size()));
  }

  static String number(RandomGenerator random) {
    return NUMBERS.get(random.nextInt(NUMBERS.size())) + "%03d".formatted(random.nextInt(1000));
  }
}

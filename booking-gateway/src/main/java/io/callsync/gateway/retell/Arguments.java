package io.callsync.gateway.retell;

import io.callsync.gateway.intake.Fields;
import io.callsync.gateway.spoken.Moment;
import io.callsync.gateway.spoken.SpokenClock;
import io.callsync.gateway.spoken.SpokenClock.During;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of a function by their canonical names, whatever of their names the agent used.
 * Unreplaced placeholders count as absent; what nobody knows is passed over.
 */
final class Arguments {

  /** Every name that agents in use send, by its canonical one. */
  static final Map<String, List<String>> ALIASES =
      Map.ofEntries(
          Map.entry(
              "date",
              List.of(
                  "date",
                  "datum",
                  "preferred_date",
                  "appointment_date",
                  "day",
                  "relative_day",
                  "date_string")),
          Map.entry("time", List.of("time", "uhrzeit", "preferred_time", "appointment_time")),
          Map.entry("start", List.of("start", "datetime")),
          Map.entry("new_date", List.of("new_date", "new_datum")),
          Map.entry("new_time", List.of("new_time", "new_uhrzeit")),
          Map.entry("new_start", List.of("new_start", "new_datetime")),
          Map.entry("old_date", List.of("old_date", "old_datum")),
          Map.entry("old_time", List.of("old_time", "old_uhrzeit")),
          Map.entry("range", List.of("zeitraum", "part_of_day")),
          Map.entry(
              "service", List.of("service", "dienstleistung", "service_name", "service_type")),
          Map.entry("name", List.of("name", "customer_name", "kundenname", "kundename")),
          Map.entry("phone", List.of("phone", "customer_phone", "telefonnummer", "phone_number")),
          Map.entry("email", List.of("email", "customer_email")),
          Map.entry(
              "staff", List.of("staff", "mitarbeiter", "mitarbeiter_wunsch", "preferred_staff_id")),
          Map.entry(
              "confirm",
              List.of("confirm", "bestaetigung", "confirm_booking", "confirm_reschedule")),
          Map.entry("appointment_id", List.of("appointment_id", "termin_id")),
          Map.entry("offer_id", List.of("offer_id")),
          Map.entry("notes", List.of("notes", "kundenpraeferenzen", "reason")));

  private static final String CONSENT = "confirm";

  /** Free texts add to each other. */
  private static final String NOTES = "notes";

  private static final int LONGEST = 1000;

  private final JsonNode args;

  Arguments(JsonNode args) {
    this.args = args;
  }

  /** Null where absent; see {@link #contradiction()} for what was said twice. */
  @Nullable String text(String canonical) {
    Set<String> said = new TreeSet<>(said(canonical).values());
    return said.isEmpty()
        ? null
        : canonical.equals(NOTES) ? String.join("; ", said) : said.iterator().next();
  }

  /** Consent is the boolean true, and no false beside it; the text "true" is not. */
  boolean consent() {
    return new TreeSet<>(said(CONSENT).values()).equals(Set.of("true"));
  }

  /** Date and time under {@code start}, {@code date} and {@code time}, or their prefixed twins. */
  Moment moment(String prefix, ZoneId zone, Instant now) {
    Moment moment =
        Moment.read(
            text(prefix + "start"), text(prefix + "date"), text(prefix + "time"), zone, now);
    String range = text("range");
    // A range only narrows what is proposed.
    return moment instanceof Moment.OnDay day
            && day.part() == null
            && range != null
            && SpokenClock.read(range) instanceof During part
        ? new Moment.OnDay(day.date(), part)
        : moment;
  }

  /** The first canonical field of which two names say different things, with these names. */
  Optional<Map.Entry<String, Set<String>>> contradiction() {
    return ALIASES.keySet().stream()
        .sorted()
        .filter(canonical -> !canonical.equals(NOTES))
        .map(canonical -> Map.entry(canonical, said(canonical)))
        .filter(said -> Set.copyOf(said.getValue().values()).size() > 1)
        .map(said -> Map.entry(said.getKey(), said.getValue().keySet()))
        .findFirst();
  }

  /** What was said of a field, by the name that was used for it. */
  private Map<String, String> said(String canonical) {
    Map<String, String> said = new TreeMap<>();
    for (String alias : ALIASES.getOrDefault(canonical, List.of(canonical))) {
      String value = canonical.equals(CONSENT) ? flag(alias) : scalar(alias);
      if (value != null && !value.contains("{{")) {
        String stripped = value.strip();
        said.put(alias, stripped.length() > LONGEST ? stripped.substring(0, LONGEST) : stripped);
      }
    }
    return said;
  }

  private @Nullable String flag(String field) {
    Boolean flag = Fields.bool(args, field);
    return flag == null ? null : flag.toString();
  }

  private @Nullable String scalar(String field) {
    String text = Fields.text(args, field);
    Long number = text == null ? Fields.number(args, field) : null;
    return number == null ? text : number.toString();
  }
}

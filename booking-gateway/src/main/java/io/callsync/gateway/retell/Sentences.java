package io.callsync.gateway.retell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the agent says, in the company's language and zone. */
enum Sentences {
  DE(Locale.GERMAN, "EEEE, 'den' d. MMMM 'um' H:mm 'Uhr'") {
    @Override
    String booked(String service, @Nullable ZonedDateTime start) {
      return "Ihr Termin%s am %s ist gebucht.".formatted(forService(service), spoken(start));
    }

    @Override
    String pending(String service, @Nullable ZonedDateTime start) {
      return "Ihr Termin%s am %s ist vorgemerkt und wird noch bestätigt."
          .formatted(forService(service), spoken(start));
    }

    @Override
    String inDoubt() {
      return "Ich habe noch keine Bestätigung für Ihren Termin. Wir prüfen das und melden uns bei Ihnen.";
    }

    @Override
    String notStanding() {
      return "Dieser Termin besteht nicht mehr.";
    }

    @Override
    String slotTaken() {
      return "Dieser Termin ist leider gerade vergeben worden. Welche andere Zeit passt Ihnen?";
    }

    @Override
    String outOfWindow() {
      return "Zu dieser Zeit kann leider nicht gebucht werden. Welche andere Zeit passt Ihnen?";
    }

    @Override
    String tryLater() {
      return "Die Buchung ist im Moment nicht möglich. Bitte versuchen Sie es später noch einmal.";
    }

    @Override
    String askBack(String status, List<String> services) {
      return switch (status) {
        case "date_required" -> "An welchem Tag möchten Sie kommen?";
        case "time_required" -> "Um wie viel Uhr möchten Sie kommen?";
        case "date_unclear" -> "Welches Datum und welche Uhrzeit meinen Sie genau?";
        case "time_past" -> "Dieser Zeitpunkt ist schon vorbei. Welche andere Zeit passt Ihnen?";
        case "name_required" -> "Auf welchen Namen darf ich den Termin eintragen?";
        case "service_required", "service_unknown" ->
            "Welche Leistung wünschen Sie? Wir bieten an: " + String.join(", ", services) + ".";
        case "staff_unknown" -> "Diese Person kenne ich hier nicht. Zu wem möchten Sie?";
        case "company_unknown" ->
            "Für diese Rufnummer kann ich leider keine Termine buchen. Wir melden uns bei Ihnen.";
        default -> "Das habe ich nicht verstanden. Bitte sagen Sie es noch einmal.";
      };
    }

    @Override
    String available(String service, ZonedDateTime start) {
      return "%s%s ist frei. Soll ich den Termin eintragen?"
          .formatted(capital(spoken(start)), forService(service));
    }

    @Override
    String free(List<Instant> starts, ZoneId zone) {
      return "Frei ist zum Beispiel " + list(starts, zone, " oder ") + ". Was passt Ihnen?";
    }

    @Override
    String instead(List<Instant> starts, ZoneId zone) {
      return "Zu dieser Zeit ist leider nichts frei. Ich kann Ihnen anbieten: "
          + list(starts, zone, " oder ")
          + ".";
    }

    @Override
    String nothingFree() {
      return "In den nächsten zwei Wochen ist leider nichts frei. Soll Sie jemand zurückrufen?";
    }

    @Override
    String cannotLook() {
      return "Ich kann den Kalender im Moment nicht einsehen. Soll Sie jemand zurückrufen?";
    }

    @Override
    String noAppointments() {
      return "Ich finde unter Ihrer Rufnummer keinen kommenden Termin.";
    }

    @Override
    String appointments(List<String> spoken) {
      return "Sie haben: " + String.join("; ", spoken) + ".";
    }

    @Override
    String which(List<String> spoken) {
      return "Welchen Termin meinen Sie: " + String.join("; oder ", spoken) + "?";
    }

    @Override
    String secondOne(List<String> spoken) {
      return "Sie haben bereits: "
          + String.join("; ", spoken)
          + ". Möchten Sie einen weiteren Termin?";
    }

    @Override
    String services(List<String> names) {
      return "Wir bieten an: " + String.join(", ", names) + ".";
    }

    @Override
    String today(ZonedDateTime now) {
      return "Es ist " + spoken(now) + ".";
    }

    @Override
    String callback() {
      return "Ich habe notiert, dass wir Sie zurückrufen.";
    }

    @Override
    String didYouMean(String spoken) {
      return "Meinen Sie " + spoken + "?";
    }

    @Override
    String moved(String when) {
      return "Ihr Termin ist jetzt am " + when + ".";
    }

    @Override
    String cancelled(String when) {
      return "Ihr Termin am " + when + " ist abgesagt.";
    }

    @Override
    String changeInDoubt() {
      return "Ich habe noch keine Bestätigung für die Änderung. Wir prüfen das und melden uns bei Ihnen.";
    }

    private String forService(String service) {
      return service.isEmpty() ? "" : " für " + service;
    }
  },

  EN(Locale.ENGLISH, "EEEE, MMMM d 'at' h:mm a") {
    @Override
    String booked(String service, @Nullable ZonedDateTime start) {
      return "Your appointment%s on %s is booked.".formatted(forService(service), spoken(start));
    }

    @Override
    String pending(String service, @Nullable ZonedDateTime start) {
      return "Your appointment%s on %s is noted and will be confirmed."
          .formatted(forService(service), spoken(start));
    }

    @Override
    String inDoubt() {
      return "I have no confirmation for your appointment yet. We are checking and will get back to you.";
    }

    @Override
    String notStanding() {
      return "This appointment no longer stands.";
    }

    @Override
    String slotTaken() {
      return "This time has just been taken. Which other time suits you?";
    }

    @Override
    String outOfWindow() {
      return "This time cannot be booked. Which other time suits you?";
    }

    @Override
    String tryLater() {
      return "Booking is not possible at the moment. Please try again later.";
    }

    @Override
    String askBack(String status, List<String> services) {
      return switch (status) {
        case "date_required" -> "On which day would you like to come?";
        case "time_required" -> "At what time would you like to come?";
        case "date_unclear" -> "Which date and time do you mean exactly?";
        case "time_past" -> "This time is already over. Which other time suits you?";
        case "name_required" -> "Under which name may I book the appointment?";
        case "service_required", "service_unknown" ->
            "Which service would you like? We offer: " + String.join(", ", services) + ".";
        case "staff_unknown" -> "I do not know that person here. Whom would you like to see?";
        case "company_unknown" ->
            "I cannot book appointments for this number. We will get back to you.";
        default -> "I did not understand that. Please say it again.";
      };
    }

    @Override
    String available(String service, ZonedDateTime start) {
      return "%s%s is free. Shall I book it?"
          .formatted(capital(spoken(start)), forService(service));
    }

    @Override
    String free(List<Instant> starts, ZoneId zone) {
      return "Free are for example " + list(starts, zone, " or ") + ". What suits you?";
    }

    @Override
    String instead(List<Instant> starts, ZoneId zone) {
      return "Nothing is free at that time. I can offer: " + list(starts, zone, " or ") + ".";
    }

    @Override
    String nothingFree() {
      return "Nothing is free within the next two weeks. Shall somebody call you back?";
    }

    @Override
    String cannotLook() {
      return "I cannot look into the calendar at the moment. Shall somebody call you back?";
    }

    @Override
    String noAppointments() {
      return "I find no coming appointment under your number.";
    }

    @Override
    String appointments(List<String> spoken) {
      return "You have: " + String.join("; ", spoken) + ".";
    }

    @Override
    String which(List<String> spoken) {
      return "Which appointment do you mean: " + String.join("; or ", spoken) + "?";
    }

    @Override
    String secondOne(List<String> spoken) {
      return "You already have: "
          + String.join("; ", spoken)
          + ". Would you like another appointment?";
    }

    @Override
    String services(List<String> names) {
      return "We offer: " + String.join(", ", names) + ".";
    }

    @Override
    String today(ZonedDateTime now) {
      return "It is " + spoken(now) + ".";
    }

    @Override
    String callback() {
      return "I have noted that we call you back.";
    }

    @Override
    String didYouMean(String spoken) {
      return "Do you mean " + spoken + "?";
    }

    @Override
    String moved(String when) {
      return "Your appointment is now on " + when + ".";
    }

    @Override
    String cancelled(String when) {
      return "Your appointment on " + when + " is cancelled.";
    }

    @Override
    String changeInDoubt() {
      return "I have no confirmation for the change yet. We are checking and will get back to you.";
    }

    private String forService(String service) {
      return service.isEmpty() ? "" : " for " + service;
    }
  };

  private final DateTimeFormatter spokenTime;

  Sentences(Locale locale, String pattern) {
    this.spokenTime = DateTimeFormatter.ofPattern(pattern, locale);
  }

  static Sentences in(String language) {
    return language.startsWith("en") ? EN : DE;
  }

  String spoken(@Nullable ZonedDateTime time) {
    return time == null ? "" : spokenTime.format(time);
  }

  abstract String booked(String service, @Nullable ZonedDateTime start);

  abstract String pending(String service, @Nullable ZonedDateTime start);

  abstract String inDoubt();

  abstract String notStanding();

  abstract String slotTaken();

  abstract String outOfWindow();

  abstract String tryLater();

  abstract String askBack(String status, List<String> services);

  abstract String available(String service, ZonedDateTime start);

  abstract String free(List<Instant> starts, ZoneId zone);

  abstract String instead(List<Instant> starts, ZoneId zone);

  abstract String nothingFree();

  abstract String cannotLook();

  abstract String noAppointments();

  abstract String appointments(List<String> spoken);

  abstract String which(List<String> spoken);

  abstract String secondOne(List<String> spoken);

  abstract String services(List<String> names);

  abstract String today(ZonedDateTime now);

  abstract String callback();

  abstract String didYouMean(String spoken);

  abstract String moved(String when);

  abstract String cancelled(String when);

  abstract String changeInDoubt();

  /** Always with the day, so that another day than asked is heard. */
  String list(List<Instant> starts, ZoneId zone, String or) {
    List<String> said = starts.stream().map(start -> spoken(start.atZone(zone))).toList();
    int last = said.size() - 1;
    return last < 1
        ? String.join("", said)
        : String.join(", ", said.subList(0, last)) + or + said.get(last);
  }

  static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}

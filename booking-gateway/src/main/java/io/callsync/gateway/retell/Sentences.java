package io.callsync.gateway.retell;

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
        case "company_unknown" ->
            "Für diese Rufnummer kann ich leider keine Termine buchen. Wir melden uns bei Ihnen.";
        default -> "Das habe ich nicht verstanden. Bitte sagen Sie es noch einmal.";
      };
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
        case "company_unknown" ->
            "I cannot book appointments for this number. We will get back to you.";
        default -> "I did not understand that. Please say it again.";
      };
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
}

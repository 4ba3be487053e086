package io.callsync.cli;

import static java.util.stream.Collectors.joining;

import java.io.PrintStream;
import java.util.List;

/** One chain in full: call, customer, appointment, and what the checks say. */
final class ChainReport {

  private final Terminal terminal;
  private final PrintStream out;

  ChainReport(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.out();
  }

  void print(Json chain) {
    Json company = chain.at("company");
    String zone = company.at("timezone").text();
    printCall(chain.at("call"), company, zone);
    printCustomer(chain.at("customer"));
    List<Json> appointments = chain.at("appointments").items();
    if (appointments.isEmpty()) {
      section("Appointment", "none");
    }
    appointments.forEach(a -> printAppointment(a, zone));
    chain.at("wishes").items().forEach(w -> printWish(w, zone));
    out.println();
    printVerdict(chain);
  }

  private void printCall(Json call, Json company, String zone) {
    if (!call.isPresent()) {
      section("Call", "its row is missing");
      return;
    }
    section("Call", call.at("id").text());
    field("Retell id", call.at("retellCallId").text());
    field("started", Times.at(call.at("startedAt").text(), zone));
    field("ended", Times.at(call.at("endedAt").text(), zone));
    field("from", call.at("fromNumber").text());
    field("to", call.at("toNumber").text());
    field("status", call.at("status").text());
    field(
        "company",
        company.isPresent()
            ? "%s (%s)".formatted(company.at("name").text(), company.at("id").text())
            : call.at("companyId").isPresent()
                ? "%s, which is not in the directory".formatted(call.at("companyId").text())
                : "unknown");
    field("booking confirmed", call.at("bookingConfirmed").isTrue() ? "yes" : "no");
  }

  private void printCustomer(Json customer) {
    if (!customer.isPresent()) {
      section("Customer", "none");
      return;
    }
    section("Customer", customer.at("id").text());
    field("name", customer.at("name").text());
    field("phone", customer.at("phone").text());
    field("e-mail", customer.at("email").text());
  }

  /** In the company's zone; where the company is unknown, in the one it was booked in. */
  private void printAppointment(Json appointment, String companyZone) {
    String zone = companyZone.isEmpty() ? appointment.at("timezone").text() : companyZone;
    section("Appointment", appointment.at("id").text());
    field(
        "time",
        Times.span(
            appointment.at("startsAt").text(),
            appointment.at("endsAt").text(),
            zone,
            terminal.dash()));
    field("service", appointment.at("service").text());
    field("status", appointment.at("status").text());
    String calcomId = appointment.at("calcomBookingId").text();
    String uid = appointment.at("calcomUid").text();
    field(
        "Cal.com id",
        calcomId.isEmpty() ? "unknown" : uid.isEmpty() ? calcomId : calcomId + ", uid " + uid);
    field("booking", appointment.at("bookingId").text());
  }

  private void printWish(Json wish, String zone) {
    section("Wish", wish.at("status").text());
    field("asked for", Times.at(wish.at("requestedAt").text(), zone));
    field("booking", wish.at("bookingId").text());
    if (wish.at("inDoubt").isTrue()) {
      field("in doubt", "Cal.com's answer is not known yet");
    }
  }

  private void printVerdict(Json chain) {
    List<Json> violations = chain.at("violations").items();
    int checks = chain.at("checkedRules").items().size();
    for (Json violation : violations) {
      boolean error = !violation.at("severity").text().equals("warning");
      String title = violation.at("rule").text() + state(violation.at("state").text());
      out.println(error ? terminal.bad(title) : terminal.notice(title));
      out.println("    " + violation.at("message").text());
      if (violation.at("evidence").at("repair").isPresent()) {
        out.println("    self-repair: " + violation.at("evidence").at("repair").text());
      }
      if (violation.at("remedy").isPresent()) {
        out.println("    to mend it: ./" + violation.at("remedy").text());
      }
    }
    if (violations.isEmpty()) {
      out.println(terminal.good("all %d checks passed".formatted(checks)));
    } else {
      long broken = violations.stream().map(v -> v.at("rule").text()).distinct().count();
      out.println("%d of %d checks passed".formatted(checks - broken, checks));
    }
  }

  private static String state(String state) {
    return switch (state) {
      case "" -> "";
      case "SUSPECTED" -> " (just seen; it opens if it lasts)";
      default -> " (" + state.toLowerCase(java.util.Locale.ROOT) + ")";
    };
  }

  private void section(String name, String value) {
    if (!name.equals("Call")) {
      out.println();
    }
    out.println(terminal.heading(name + ' ' + value));
  }

  private void field(String name, String value) {
    if (!value.isEmpty()) {
      out.printf("  %-18s %s%n", name, value);
    }
  }

  static String list(List<Json> values) {
    return values.stream().map(Json::text).collect(joining(" "));
  }
}

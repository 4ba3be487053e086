package io.callsync.cli;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The table of all booking calls, printed as it arrives, and where the validation stands. */
final class ChainTable {

  private static final String ROW = "%8s  %-16s  %-24s %9s  %-14s %-10s %s%n";

  private final Terminal terminal;
  private final PrintStream out;
  private final Set<String> listed = new HashSet<>();
  private Json summary = new Json(null);
  private boolean broken;

  ChainTable(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.out();
  }

  /** Reads the whole answer, and prints it as rows where {@code rows}. */
  void read(JsonParser parser, boolean rows) {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("chains")) {
        if (rows) {
          out.printf(
              ROW, "call", "started (UTC)", "company", "customer", "appointments", "status", "");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          take(Json.read(parser), rows);
        }
      } else if (name.equals("summary")) {
        summary = Json.read(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Whether the answer came to its end, where the summary stands. */
  boolean isWhole() {
    return summary.isObject();
  }

  boolean isBroken() {
    return broken || summary.at("broken").number() > 0;
  }

  long openViolations() {
    return summary.at("openViolations").number();
  }

  /**
   * Open violations that no listed call shows: of bookings without a call, or of the projection.
   */
  List<Json> elsewhere(List<Json> violations) {
    return violations.stream().filter(v -> !listed.contains(v.at("callId").text())).toList();
  }

  void printElsewhere(List<Json> violations) {
    for (Json violation : violations) {
      broken |= !violation.at("severity").text().equals("warning");
      out.println(
          terminal.bad(violation.at("rule").text() + ' ' + violation.at("subject").text())
              + ": "
              + violation.at("message").text());
    }
  }

  void printSummary() {
    out.println();
    out.printf(
        "%d booking calls: %d linked, %d broken%s; %d violations open, %d checks pending%n",
        summary.at("bookingCalls").number(),
        summary.at("linked").number(),
        summary.at("broken").number(),
        further("checking", "in their grace")
            + further("pending", "waiting for their outcome")
            + further("notBooked", "not booked"),
        openViolations(),
        summary.at("pendingChecks").number());
    for (Json company : summary.at("companies").items()) {
      if (company.at("booked").number() > 0) {
        out.printf(
            "company %s: %d of %d phone bookings of the last day linked%n",
            company.at("companyId").text(),
            company.at("linked").number(),
            company.at("booked").number());
      }
    }
    out.println("validated up to " + summary.at("validatedUpTo").text());
    Map<String, Json> positions = summary.at("positions").fields();
    if (!positions.isEmpty()) {
      var line = new StringBuilder("positions:");
      positions.forEach(
          (p, offset) -> line.append(' ').append(p).append('=').append(offset.text()));
      out.println(line);
    }
    out.println(
        isBroken()
            ? terminal.bad("see one in full with ./appointments validate-chain CALL")
            : terminal.good("no chain is broken"));
  }

  private void take(Json chain, boolean row) {
    String status = chain.at("status").text();
    broken |= status.equals("broken");
    List<Json> violations = chain.at("violations").items();
    if (!violations.isEmpty()) {
      listed.add(chain.at("callId").text());
    }
    if (row) {
      String company = chain.at("company").text();
      String started = chain.at("startedAt").text();
      out.printf(
          ROW,
          chain.at("callId").text(),
          started.length() < 16 ? started : started.substring(0, 16).replace('T', ' '),
          company.length() > 24 ? company.substring(0, 24) : company,
          chain.at("customerId").text(),
          ChainReport.list(chain.at("appointmentIds").items()),
          status,
          ChainReport.list(violations));
    }
  }

  private String further(String count, String words) {
    long n = summary.at(count).number();
    return n == 0 ? "" : ", %d %s".formatted(n, words);
  }
}

package io.callsync.cli;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
  private Json pass = new Json(null);
  private long rows;
  private boolean broken;

  ChainTable(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.out();
  }

  /** Reads the whole answer, and prints its rows where {@code print}. */
  void read(JsonParser parser, boolean print) {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("chains")) {
        if (print) {
          out.printf(
              ROW, "call", "started (UTC)", "company", "customer", "appointments", "status", "");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          take(Json.read(parser), print);
        }
      } else if (name.equals("summary")) {
        summary = Json.read(parser);
      } else if (name.equals("pass")) {
        pass = Json.read(parser);
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

  boolean isEmpty() {
    return rows == 0;
  }

  /** What breaks one rule, or would. */
  void printRule(String rule, boolean tried) {
    String chains = rows == 1 ? "1 chain" : "%,d chains".formatted(rows);
    String verb = tried ? " would break " : rows == 1 ? " breaks " : " break ";
    out.println();
    out.println(
        rows == 0
            ? terminal.good("no chain" + (tried ? " would break " : " breaks ") + rule)
            : terminal.bad(chains + verb + rule));
    printPass();
  }

  private void printPass() {
    if (pass.isObject()) {
      out.printf(
          Locale.ROOT,
          "%,d chains looked at in %.1f s, %,d a second%n",
          pass.at("chains").number(),
          pass.at("millis").number() / 1000.0,
          pass.at("perSecond").number());
    }
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
    printRepairs();
    printPass();
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

  private void printRepairs() {
    Json repair = summary.at("selfRepair");
    if (repair.at("companies").items().isEmpty()) {
      return;
    }
    out.printf(
        "self-repair of the last hour: %d mended, %d not mended, %d running%n",
        repair.at("mended").number(),
        repair.at("notMended").number(),
        repair.at("running").number());
    if (!repair.at("heldBack").items().isEmpty()) {
      out.println(
          terminal.bad(
              "self-repair is held back for company %s: too many within an hour, look for another cause"
                  .formatted(ChainReport.list(repair.at("heldBack").items()))));
    }
  }

  private void take(Json chain, boolean row) {
    rows++;
    String status = chain.at("status").text();
    broken |= status.equals("broken");
    List<Json> violations = chain.at("violations").items();
    if (!violations.isEmpty() && chain.at("callId").isPresent()) {
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
          ChainReport.list(violations)
              + (chain.at("bookingId").isPresent()
                  ? " booking " + chain.at("bookingId").text()
                  : ""));
    }
  }

  private String further(String count, String words) {
    long n = summary.at(count).number();
    return n == 0 ? "" : ", %d %s".formatted(n, words);
  }
}

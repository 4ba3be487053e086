package io.callsync.gateway.predecessor;

import io.callsync.gateway.predecessor.OldFiles.FilesRefused;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All tables in memory: only the whole of them tells which rows are about one booking. */
final class OldTables {

  /** What is live has its ids from here on (V5__import.sql). */
  private static final long FIRST_LIVE_ID = 1_000_000;

  private final List<OldRow> directory = new ArrayList<>();
  private final List<OldCustomer> customers = new ArrayList<>();
  private final List<OldCall> calls = new ArrayList<>();
  private final List<OldAppointment> appointments = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<OldTable, Long> leftOut = new EnumMap<>(OldTable.class);
  private final String contentHash;

  private OldTables(InputStream zip) throws IOException, FilesRefused {
    this.contentHash = OldFiles.read(zip, this::take, this::leaveOut);
  }

  /** Reads a zip archive of the tables' files. */
  static OldTables read(InputStream zip) throws IOException, FilesRefused {
    return new OldTables(zip);
  }

  private void take(OldRow row) {
    Consumer<Finding> told = findings::add;
    boolean taken =
        switch (row.table()) {
          case CUSTOMERS -> add(customers, OldCustomer.of(row, told));
          case CALLS -> add(calls, OldCall.of(row, told));
          case APPOINTMENTS -> add(appointments, OldAppointment.of(row, told));
          case COMPANIES, BRANCHES, PHONE_NUMBERS, SERVICES, STAFF -> directory.add(row);
        };
    if (!taken) {
      leftOut.merge(row.table(), 1L, Long::sum);
    }
  }

  private void leaveOut(Finding finding) {
    findings.add(finding);
    leftOut.merge(finding.table(), 1L, Long::sum);
  }

  private static <T> boolean add(List<T> rows, @Nullable T row) {
    return row != null && rows.add(row);
  }

  /** The row's own id; null where the row is left out, which is told. */
  static @Nullable Long id(OldRow row, Consumer<Finding> findings) {
    Long id = row.number("id");
    Trouble trouble =
        row.text("deleted_at") != null
            ? Trouble.DELETED
            : id == null || id == 0
                ? Trouble.ID_MISSING
                : id >= FIRST_LIVE_ID ? Trouble.ID_OUT_OF_RANGE : null;
    if (trouble != null) {
      findings.accept(row.finding(trouble));
      return null;
    }
    return id;
  }

  List<OldRow> directory() {
    return directory;
  }

  List<OldCustomer> customers() {
    return customers;
  }

  List<OldCall> calls() {
    return calls;
  }

  List<OldAppointment> appointments() {
    return appointments;
  }

  List<Finding> findings() {
    return findings;
  }

  /** How many rows of each table were left out when they were read. */
  Map<OldTable, Long> leftOut() {
    return leftOut;
  }

  String contentHash() {
    return contentHash;
  }
}

package io.callsync.gateway.predecessor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Companies, branches, numbers, services and staff of the old tables, as the file that {@code
 * directory import} takes, and who is whose. Pure.
 */
final class OldDirectory {

  record Service(long id, long companyId, @Nullable String branchId, long eventTypeId) {}

  private record Host(long companyId, long calcomUserId) {}

  private final Map<Long, Map<String, Object>> companies = new TreeMap<>();
  private final Map<String, Long> lines = new HashMap<>();
  private final Map<Long, Service> services = new HashMap<>();
  private final Map<Long, Service> byEventType = new HashMap<>();
  private final Map<Host, String> staff = new HashMap<>();
  private final Map<OldTable, Long> leftOut = new TreeMap<>();
  private final Consumer<Finding> findings;

  OldDirectory(List<OldRow> rows, Consumer<Finding> findings) {
    this.findings = findings;
    for (OldTable table :
        List.of(
            OldTable.COMPANIES,
            OldTable.BRANCHES,
            OldTable.PHONE_NUMBERS,
            OldTable.SERVICES,
            OldTable.STAFF)) {
      rows.stream().filter(row -> row.table() == table).forEach(this::take);
    }
  }

  private void take(OldRow row) {
    Trouble trouble = row.text("deleted_at") == null ? refusal(row) : Trouble.DELETED;
    if (trouble != null) {
      findings.accept(row.finding(trouble));
      leftOut.merge(row.table(), 1L, Long::sum);
    }
  }

  private @Nullable Trouble refusal(OldRow row) {
    if (row.table() == OldTable.COMPANIES) {
      return company(row);
    }
    Long company = row.number("company_id");
    if (company == null || !companies.containsKey(company)) {
      return Trouble.COMPANY_MISSING;
    }
    return switch (row.table()) {
      case BRANCHES -> branch(row, company);
      case PHONE_NUMBERS -> number(row, company);
      case SERVICES -> service(row, company);
      default -> person(row, company);
    };
  }

  private @Nullable Trouble company(OldRow row) {
    Long id = row.number("id");
    String name = row.text("name");
    if (id == null || id == 0) {
      return Trouble.ID_MISSING;
    }
    if (name == null) {
      return Trouble.NAME_MISSING;
    }
    companies.put(id, item("id", id, "name", name));
    return null;
  }

  private @Nullable Trouble branch(OldRow row, long company) {
    Trouble trouble = unnamed(row);
    if (trouble == null) {
      add(company, "branches", item("id", row.text("id"), "name", row.text("name")));
    }
    return trouble;
  }

  private @Nullable Trouble number(OldRow row, long company) {
    List<String> numbers =
        Stream.of("number_normalized", "number", "phone_number")
            .map(column -> OldContact.line(row.text(column)))
            .filter(Objects::nonNull)
            .map(String::valueOf)
            .distinct()
            .toList();
    if (numbers.isEmpty()) {
      return Trouble.NUMBER_UNREADABLE;
    }
    if (numbers.size() > 1) {
      findings.accept(row.finding(Trouble.NUMBERS_DIFFER));
    }
    if (lines.putIfAbsent(numbers.getFirst(), company) != null) {
      return Trouble.NUMBER_TWICE;
    }
    add(
        company,
        "phoneNumbers",
        item("number", numbers.getFirst(), "branch", row.text("branch_id")));
    return null;
  }

  private @Nullable Trouble service(OldRow row, long company) {
    Long id = row.number("id");
    String name = row.text("name", "display_name", "calcom_name");
    Long eventType = row.number("calcom_event_type_id");
    Long minutes = row.number("duration_minutes", "duration");
    if (id == null || name == null) {
      return id == null ? Trouble.ID_MISSING : Trouble.NAME_MISSING;
    }
    if (eventType == null || eventType == 0) {
      return Trouble.EVENT_TYPE_MISSING;
    }
    if (minutes == null || minutes == 0 || minutes > 24 * 60) {
      return Trouble.DURATION_MISSING;
    }
    var service = new Service(id, company, row.text("branch_id"), eventType);
    if (byEventType.putIfAbsent(eventType, service) != null) {
      return Trouble.EVENT_TYPE_TWICE;
    }
    services.put(id, service);
    add(
        company,
        "services",
        item(
            "id", id,
            "name", name,
            "durationMinutes", minutes,
            "eventTypeId", eventType,
            "branch", service.branchId(),
            "active", row.text("is_active") == null || row.flag("is_active")));
    return null;
  }

  private @Nullable Trouble person(OldRow row, long company) {
    Trouble trouble = unnamed(row);
    if (trouble == null) {
      Long calcomUser = row.number("calcom_user_id");
      String id = Objects.requireNonNull(row.text("id"));
      if (calcomUser != null) {
        staff.putIfAbsent(new Host(company, calcomUser), id);
      }
      add(
          company,
          "staff",
          item(
              "id",
              id,
              "name",
              row.text("name"),
              "email",
              OldContact.email(row.text("email")),
              "calcomUserId",
              calcomUser,
              "branch",
              row.text("branch_id", "home_branch_id"),
              "active",
              row.text("is_active") == null || row.flag("is_active")));
    }
    return trouble;
  }

  private static @Nullable Trouble unnamed(OldRow row) {
    String id = row.text("id");
    if (id == null || id.length() > 100) {
      return Trouble.ID_MISSING;
    }
    return row.text("name") == null ? Trouble.NAME_MISSING : null;
  }

  private static Map<String, Object> item(@Nullable Object... namesAndValues) {
    Map<String, Object> item = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        item.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return item;
  }

  @SuppressWarnings("unchecked")
  private void add(long company, String list, Map<String, Object> item) {
    ((List<Object>)
            Objects.requireNonNull(companies.get(company))
                .computeIfAbsent(list, l -> new ArrayList<>()))
        .add(item);
  }

  /**
   * What {@code directory import} takes, as JSON's maps and lists; empty where there is nothing.
   */
  Optional<Map<String, Object>> file() {
    return companies.isEmpty()
        ? Optional.empty()
        : Optional.of(Map.of("companies", List.copyOf(companies.values())));
  }

  /** How many rows of each table are left out. */
  Map<OldTable, Long> leftOut() {
    return leftOut;
  }

  /** Whether the table of companies was given, and lacks this one. */
  boolean lacks(long company) {
    return !companies.isEmpty() && !companies.containsKey(company);
  }

  @Nullable Long companyOfLine(@Nullable String number) {
    return number == null ? null : lines.get(number);
  }

  /** By the event type, which Cal.com decides, else by the id. */
  @Nullable Service service(@Nullable Long eventTypeId, @Nullable Long id) {
    Service booked = eventTypeId == null ? null : byEventType.get(eventTypeId);
    return booked == null && id != null ? services.get(id) : booked;
  }

  @Nullable String staff(@Nullable Long company, @Nullable Long calcomUserId) {
    return company == null || calcomUserId == null
        ? null
        : staff.get(new Host(company, calcomUserId));
  }
}

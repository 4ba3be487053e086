package io.callsync.gateway.directory;

import io.callsync.gateway.connection.Connections;
import io.callsync.gateway.directory.DirectoryFile.DirectoryFileException;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operator's way to set up companies, numbers, services and staff. */
@RestController
class DirectoryController {

  private final DirectoryImport imports;
  private final DirectoryRepair repair;
  private final Connections connections;
  private final EventTypeCheck eventTypes;
  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  DirectoryController(
      DirectoryImport imports,
      DirectoryRepair repair,
      Connections connections,
      EventTypeCheck eventTypes,
      JdbcTemplate jdbc,
      JsonMapper json) {
    this.imports = imports;
    this.repair = repair;
    this.connections = connections;
    this.eventTypes = eventTypes;
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * Takes the file's bytes; answers with what changed, what it repaired, and which services name an
   * event type that Cal.com does not have.
   */
  @PostMapping("/ops/directory")
  Map<String, Object> importFile(
      @RequestBody byte[] file,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.is("directory import", "");
    DirectoryFile parsed = DirectoryFile.parse(file);
    operator.is("directory import", parsed.companies().size() + " companies");
    parsed.requireConnections(connections::has);
    int changed = imports.apply(parsed);
    var repaired = repair.repair();
    operator.cameTo(
        "%d entries changed, %d calls and %d bookings repaired"
            .formatted(changed, repaired.calls(), repaired.bookings()));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("companies", parsed.companies().size());
    answer.put("changed", changed);
    answer.put("repairedCalls", repaired.calls());
    answer.put("repairedBookings", repaired.bookings());
    answer.putAll(eventTypes.of(parsed).fields());
    return answer;
  }

  /** The directory in the shape of the file. */
  @GetMapping("/ops/directory")
  Map<String, Object> export() {
    Map<Long, Map<String, Object>> companies = new LinkedHashMap<>();
    jdbc.query(
        """
        select entity_type, company_id, entry from directory_entry where not deleted
        order by case entity_type when 'company' then 0 else 1 end, company_id, entity_type, entity_id
        """,
        row -> {
          Map<String, Object> company =
              companies.computeIfAbsent(row.getLong(2), id -> new LinkedHashMap<>());
          JsonNode entry = json.readTree(row.getString(3));
          switch (row.getString(1)) {
            case "company" ->
                entry.properties().forEach(p -> put(company, p.getKey(), p.getValue()));
            case "branch" -> item(company, "branches", entry, Map.of());
            case "phone_number" ->
                item(company, "phoneNumbers", entry, Map.of("branchId", "branch"));
            case "service" -> item(company, "services", entry, Map.of("branchId", "branch"));
            case "staff" -> item(company, "staff", entry, Map.of("branchId", "branch"));
            default -> throw new IllegalStateException("unknown entity type");
          }
        });
    return Map.of("companies", List.copyOf(companies.values()));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unreadable(DirectoryFileException e) {
    return ResponseEntity.badRequest()
        .body(ProblemResponse.detail(400, "directory_file_wrong", e.sentence()));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> conflicting(org.springframework.dao.DuplicateKeyException e) {
    return ResponseEntity.badRequest()
        .body(
            ProblemResponse.detail(
                400,
                "directory_file_wrong",
                "Two services use the same Cal.com event type: give each its own eventTypeId."));
  }

  @SuppressWarnings("unchecked")
  private static void item(
      Map<String, Object> company, String list, JsonNode entry, Map<String, String> renamed) {
    Map<String, Object> item = new LinkedHashMap<>();
    entry
        .properties()
        .forEach(
            p -> {
              boolean derived =
                  p.getKey().equals("companyId")
                      || (list.equals("phoneNumbers") && p.getKey().equals("id"));
              if (!derived) {
                put(item, renamed.getOrDefault(p.getKey(), p.getKey()), p.getValue());
              }
            });
    ((List<Object>) company.computeIfAbsent(list, l -> new ArrayList<>())).add(item);
  }

  private static void put(Map<String, Object> target, String name, JsonNode value) {
    if (!value.isNull()) {
      target.put(name, value);
    }
  }
}

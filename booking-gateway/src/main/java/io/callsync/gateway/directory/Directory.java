package io.callsync.gateway.directory;

import io.callsync.gateway.booking.ContactRules;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Who a number, a service or an event type belongs to. No look-up crosses companies. */
@Repository
public class Directory {

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  Directory(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** The company behind the called number, never the caller's. */
  public Optional<Line> line(@Nullable String calledNumber) {
    if (calledNumber == null) {
      return Optional.empty();
    }
    return first(
            "entity_type = 'phone_number' and entry ->> 'number' = ?",
            DirectoryFile.PhoneNumberEntry.class,
            calledNumber)
        .map(number -> new Line(number.companyId(), number.branchId()));
  }

  public Optional<CompanyEntry> company(long companyId) {
    return first(
        "entity_type = 'company' and entity_id = ?", CompanyEntry.class, String.valueOf(companyId));
  }

  public List<ServiceEntry> services(long companyId) {
    return list(
            "entity_type = 'service' and company_id = ? order by entity_id",
            ServiceEntry.class,
            companyId)
        .stream()
        .filter(ServiceEntry::active)
        .toList();
  }

  /**
   * Exact name or listed synonym, case and umlauts folded; a number only as the service's own id.
   */
  public Optional<ServiceEntry> service(long companyId, String spoken) {
    String folded = Spoken.fold(spoken);
    return services(companyId).stream()
        .filter(s -> s.isCalled(folded) || String.valueOf(s.id()).equals(folded))
        .findFirst();
  }

  /** The service that a Cal.com account books under an event type. */
  public Optional<ServiceEntry> serviceOf(String calcomAccount, @Nullable Long eventTypeId) {
    if (eventTypeId == null) {
      return Optional.empty();
    }
    return first(
        "entity_type = 'service' and entry ->> 'calcomAccount' = ? and (entry ->> 'eventTypeId')::bigint = ?",
        ServiceEntry.class,
        calcomAccount,
        eventTypeId);
  }

  /**
   * The staff member by Cal.com user id, else by e-mail; empty where the host is unknown or
   * ambiguous.
   */
  public Optional<String> staff(long companyId, @Nullable Long hostId, @Nullable String hostEmail) {
    List<DirectoryFile.StaffEntry> staff =
        list(
            "entity_type = 'staff' and company_id = ? order by entity_id",
            DirectoryFile.StaffEntry.class,
            companyId);
    List<String> byId =
        staff.stream()
            .filter(s -> hostId != null && hostId.equals(s.calcomUserId()))
            .map(DirectoryFile.StaffEntry::id)
            .toList();
    List<String> found =
        byId.isEmpty()
            ? staff.stream()
                .filter(s -> hostEmail != null && hostEmail.equalsIgnoreCase(s.email()))
                .map(DirectoryFile.StaffEntry::id)
                .toList()
            : byId;
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  public ContactRules contactRules(@Nullable Long companyId) {
    return new ContactRules(
        companyId == null
            ? null
            : company(companyId).map(CompanyEntry::fallbackEmail).orElse(null));
  }

  private <T> Optional<T> first(String where, Class<T> type, Object... arguments) {
    return list(where, type, arguments).stream().findFirst();
  }

  private <T> List<T> list(String where, Class<T> type, Object... arguments) {
    return jdbc.query(
        "select entry from directory_entry where not deleted and " + where,
        (row, n) -> json.readValue(row.getString(1), type),
        arguments);
  }
}

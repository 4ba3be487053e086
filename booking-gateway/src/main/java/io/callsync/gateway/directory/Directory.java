package io.callsync.gateway.directory;

import io.callsync.gateway.booking.ContactRules;
import io.callsync.gateway.directory.DirectoryFile.StaffEntry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who a number, a service or an event type belongs to. Answered from memory, since every delivery
 * asks several times; what another gateway imported is seen within a second.
 */
@Component
public class Directory {

  private static final Logger log = LoggerFactory.getLogger(Directory.class);

  private final JdbcTemplate jdbc;
  private final JsonMapper json;
  private volatile DirectorySnapshot snapshot = new DirectorySnapshot(-1, List.of());

  Directory(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
    refresh();
  }

  @Scheduled(fixedDelay = 1000)
  void follow() {
    try {
      refresh();
    } catch (DataAccessException away) {
      log.debug("the directory could not be read again", away);
    }
  }

  /** Reads the entries anew where one changed. */
  public final synchronized void refresh() {
    long version = storedVersion();
    if (version != snapshot.version()) {
      snapshot =
          new DirectorySnapshot(
              version,
              jdbc.query(
                  "select entity_type, entry from directory_entry where not deleted order by entity_id",
                  (row, n) ->
                      json.readValue(row.getString(2), DirectoryFile.type(row.getString(1)))));
    }
  }

  /** Every change of an entry raises its revision. */
  private long storedVersion() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select coalesce(sum(revision), 0) from directory_entry", Long.class));
  }

  long version() {
    return snapshot.version();
  }

  /** The connection's company behind the called number, never the caller's. */
  public Optional<Line> line(String connection, @Nullable String calledNumber) {
    return snapshot.line(connection, calledNumber);
  }

  public Optional<CompanyEntry> company(long companyId) {
    return snapshot.company(companyId);
  }

  /** What the company offers today. */
  public List<ServiceEntry> services(long companyId) {
    return snapshot.services(companyId);
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

  /** The service that a Cal.com account books under an event type, offered today or not. */
  public Optional<ServiceEntry> serviceOf(String calcomAccount, @Nullable Long eventTypeId) {
    return eventTypeId == null ? Optional.empty() : snapshot.serviceOf(calcomAccount, eventTypeId);
  }

  /**
   * The staff member by Cal.com user id, else by e-mail; empty where the host is unknown or
   * ambiguous.
   */
  public Optional<String> staff(long companyId, @Nullable Long hostId, @Nullable String hostEmail) {
    List<StaffEntry> staff = snapshot.staff(companyId);
    List<String> byId = ids(staff, s -> hostId != null && hostId.equals(s.calcomUserId()));
    List<String> found =
        byId.isEmpty()
            ? ids(staff, s -> hostEmail != null && hostEmail.equalsIgnoreCase(s.email()))
            : byId;
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** Whether exactly one active person is called so, or has that id. */
  public boolean hasStaff(long companyId, String spoken) {
    String folded = Spoken.fold(spoken);
    return snapshot.staff(companyId).stream()
            .filter(StaffEntry::active)
            .filter(s -> s.id().equals(spoken.strip()) || Spoken.fold(s.name()).equals(folded))
            .count()
        == 1;
  }

  public List<String> staffNames(long companyId) {
    return snapshot.staff(companyId).stream()
        .filter(StaffEntry::active)
        .map(StaffEntry::name)
        .toList();
  }

  private static List<String> ids(List<StaffEntry> staff, Predicate<StaffEntry> which) {
    return staff.stream().filter(which).map(StaffEntry::id).toList();
  }

  public ContactRules contactRules(@Nullable Long companyId) {
    return new ContactRules(
        companyId == null
            ? null
            : company(companyId).map(CompanyEntry::fallbackEmail).orElse(null));
  }
}

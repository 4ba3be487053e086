package io.callsync.gateway.directory;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.callsync.gateway.directory.DirectoryFile.PhoneNumberEntry;
import io.callsync.gateway.directory.DirectoryFile.StaffEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory at one version, looked up in memory. Pure; no look-up crosses companies or
 * connections.
 */
final class DirectorySnapshot {

  private record EventType(String calcomAccount, long id) {}

  private final long version;
  private final Map<Long, CompanyEntry> companies;
  private final Map<String, Line> lines;
  private final Map<Long, List<ServiceEntry>> services;
  private final Map<EventType, ServiceEntry> byEventType;
  private final Map<Long, List<StaffEntry>> staff;

  /**
   * @param version rises with every change
   * @param entries in the order in which they are offered
   */
  DirectorySnapshot(long version, List<?> entries) {
    this.version = version;
    this.companies =
        of(entries, CompanyEntry.class).collect(toMap(CompanyEntry::id, company -> company));
    this.lines =
        of(entries, PhoneNumberEntry.class)
            .collect(
                toMap(
                    PhoneNumberEntry::number,
                    number -> new Line(number.companyId(), number.branchId())));
    this.services =
        of(entries, ServiceEntry.class)
            .filter(ServiceEntry::active)
            .collect(groupingBy(ServiceEntry::companyId));
    this.byEventType =
        of(entries, ServiceEntry.class)
            .collect(
                toMap(
                    service -> new EventType(service.calcomAccount(), service.eventTypeId()),
                    service -> service));
    this.staff = of(entries, StaffEntry.class).collect(groupingBy(StaffEntry::companyId));
  }

  long version() {
    return version;
  }

  Optional<Line> line(String connection, @Nullable String calledNumber) {
    return Optional.ofNullable(calledNumber)
        .map(lines::get)
        .filter(
            line ->
                company(line.companyId())
                    .filter(c -> c.connection().equals(connection))
                    .isPresent());
  }

  Optional<CompanyEntry> company(long companyId) {
    return Optional.ofNullable(companies.get(companyId));
  }

  List<ServiceEntry> services(long companyId) {
    return services.getOrDefault(companyId, List.of());
  }

  Optional<ServiceEntry> serviceOf(String calcomAccount, long eventTypeId) {
    return Optional.ofNullable(byEventType.get(new EventType(calcomAccount, eventTypeId)));
  }

  List<StaffEntry> staff(long companyId) {
    return staff.getOrDefault(companyId, List.of());
  }

  private static <T> Stream<T> of(List<?> entries, Class<T> type) {
    return entries.stream().filter(type::isInstance).map(type::cast);
  }
}

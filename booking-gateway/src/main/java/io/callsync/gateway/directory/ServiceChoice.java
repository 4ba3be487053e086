package io.callsync.gateway.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one service that was meant, or the question which. The same for checking and booking. */
public sealed interface ServiceChoice {

  record Chosen(ServiceEntry service) implements ServiceChoice {}

  /**
   * @param status service_required or service_unknown
   * @param offered the names to choose from
   */
  record Ask(String status, List<String> offered) implements ServiceChoice {}

  /** Nothing is preferred silently; only where a company has one service it need not be said. */
  static ServiceChoice of(Directory directory, long companyId, @Nullable String spoken) {
    List<ServiceEntry> offered = directory.services(companyId);
    if (spoken == null) {
      return offered.size() == 1
          ? new Chosen(offered.getFirst())
          : new Ask("service_required", names(offered));
    }
    return directory
        .service(companyId, spoken)
        .<ServiceChoice>map(Chosen::new)
        .orElse(new Ask("service_unknown", names(offered)));
  }

  private static List<String> names(List<ServiceEntry> services) {
    return services.stream().map(ServiceEntry::name).toList();
  }
}

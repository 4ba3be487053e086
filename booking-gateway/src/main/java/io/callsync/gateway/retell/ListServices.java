package io.callsync.gateway.retell;

import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.ServiceEntry;
import io.callsync.gateway.retell.Conversation.Turn;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What the called company offers. */
@Component
class ListServices implements AgentFunction {

  private final Conversation conversation;
  private final Directory directory;

  ListServices(Conversation conversation, Directory directory) {
    this.conversation = conversation;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "list_services";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    return conversation.inCompany(request, call, this::listed);
  }

  private FunctionAnswer listed(Turn turn, CompanyEntry company) {
    List<ServiceEntry> services = directory.services(company.id());
    return FunctionAnswer.of(
            "listed",
            Sentences.in(company.language())
                .services(services.stream().map(ServiceEntry::name).toList()))
        .with(
            "services",
            services.stream()
                .map(
                    service ->
                        Map.of(
                            "id", service.id(),
                            "name", service.name(),
                            "duration_minutes", service.durationMinutes()))
                .toList())
        .today(turn.now(), company);
  }
}

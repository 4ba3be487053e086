package io.callsync.gateway.call;

import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.Line;
import io.callsync.gateway.retell.RetellProperties;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Folds what Retell says of a call, and finds its company by the called number. */
@Component
public class CallFolding {

  private final Directory directory;
  private final RetellProperties properties;

  CallFolding(Directory directory, RetellProperties properties) {
    this.directory = directory;
    this.properties = properties;
  }

  public CallState fold(Chain chain, String retellCallId, CallSource source, CallFacts facts) {
    CallState call = chain.call(retellCallId).with(source, facts);
    CallState placed = place(call);
    chain.put(placed);
    return placed;
  }

  /** The directory may have learned the number since: then the call gets its company. */
  public CallState place(CallState call) {
    if (call.companyByNumber() != null) {
      return call;
    }
    Optional<Line> line = directory.line(call.toNumber());
    return line.map(l -> call.withCompanyByNumber(l.companyId(), l.branchId()))
        .orElseGet(() -> call.withCompanyDefault(properties.defaultCompanyId()));
  }
}

package io.callsync.gateway.call;

import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.connection.Connections;
import io.callsync.gateway.customer.CustomerIdentity;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.Line;
import io.callsync.gateway.intake.IntakeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Folds what Retell says of a call, and finds its company by the called number. */
@Component
public class CallFolding {

  private final Directory directory;
  private final Connections connections;

  CallFolding(Directory directory, Connections connections) {
    this.directory = directory;
    this.connections = connections;
  }

  /**
   * @param connection whose key signed it
   * @throws IntakeException where the call is another connection's
   */
  public CallState fold(
      Chain chain, Connection connection, String retellCallId, CallSource source, CallFacts facts) {
    CallState call = chain.call(retellCallId, connection.name());
    if (!call.connection().equals(connection.name())) {
      throw IntakeException.foreignCall();
    }
    CallState placed = place(call.with(source, facts));
    chain.put(placed);
    return placed;
  }

  /** Takes in what was imported of a call. */
  public CallState foldImported(
      Chain chain, CallState call, CallFacts facts, PredecessorCall imported) {
    return settle(chain, call.with(CallSource.PREDECESSOR, facts).with(imported));
  }

  /** Company, and the customer of a call that wants to be called back. */
  public CallState settle(Chain chain, CallState call) {
    CallState placed = place(call);
    Long company = placed.companyId();
    if (company != null && placed.callbackRequested() && placed.customerId() == null) {
      placed = withCallbackCustomer(chain, placed, company, null, placed.fromNumber());
    }
    chain.put(placed);
    return placed;
  }

  /**
   * Who wants to be called back is a customer, registered where it is new.
   *
   * @param phone E.164; without one the call itself is the identity
   */
  public static CallState withCallbackCustomer(
      Chain chain, CallState call, long company, @Nullable String name, @Nullable String phone) {
    CustomerIdentity identity =
        CustomerIdentity.of(phone, null, new CustomerIdentity("call", call.retellCallId()));
    return call.withCallbackCustomer(
        chain.customer(company, identity, name, phone, null).customerId());
  }

  /** The directory may have learned the number since: then the call gets its company. */
  public CallState place(CallState call) {
    if (call.companyByNumber() != null) {
      return call;
    }
    Optional<Line> line = directory.line(call.connection(), call.toNumber());
    return line.map(l -> call.withCompanyByNumber(l.companyId(), l.branchId()))
        .orElseGet(() -> call.withCompanyDefault(defaultCompany(call)));
  }

  private @Nullable Long defaultCompany(CallState call) {
    return connections.has(call.connection())
        ? connections.named(call.connection()).retell().defaultCompanyId()
        : null;
  }
}

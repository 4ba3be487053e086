package io.callsync.gateway.connection;

import java.net.URI;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** Connections for tests. */
public final class ConnectionFixture {

  private ConnectionFixture() {}

  /** One whose Retell API keys and Cal.com secrets are these. */
  public static Connection signingWith(String... secrets) {
    return new Connection(
        Connection.DEFAULT,
        new RetellAccount(List.of(secrets), null),
        new CalcomAccount("cal_test", URI.create("http://127.0.0.1"), List.of(secrets), 120),
        new Limits(300, DataSize.ofMegabytes(8)));
  }
}

package io.callsync.systemtests;

import io.callsync.localstack.LocalStack;
import io.callsync.localstack.calcom.CalcomStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * A further connection of the gateway: another Retell workspace and another Cal.com account, whose
 * secrets are files and whose limits are small.
 */
final class SecondConnection implements AutoCloseable {

  static final String NAME = "nord";
  static final int REQUESTS_PER_SECOND = 40;
  static final int BODY_KILOBYTES = 64;

  private static final String KEY_GOING = "key_nord_going";
  private static final String KEY_COMING = "key_nord_coming";
  private static final String SECRET_GOING = "whsec_nord_going";
  private static final String SECRET_COMING = "whsec_nord_coming";

  private final CalcomStandIn standIn;
  private final Gateway gateway;
  private final Calcom calcom;

  private SecondConnection(LocalStack stack, CalcomStandIn standIn) {
    this.standIn = standIn;
    this.gateway = new Gateway(stack, stack.addresses().gateway(), NAME, KEY_GOING, SECRET_GOING);
    this.calcom = new Calcom(base(standIn));
  }

  /** To be called before the gateway starts: it reads its secrets then. */
  static SecondConnection prepare(LocalStack stack, Path home) {
    try {
      CalcomStandIn standIn =
          new CalcomStandIn(
              0,
              home.resolve("second-calcom"),
              "cal_nord",
              stack.addresses().gateway().resolve("/calcom/" + NAME + "/webhook").toString(),
              SECRET_GOING);
      Map<String, Object> settings =
          Map.of(
              "retell.api-keys",
              KEY_GOING + "," + KEY_COMING,
              "calcom.api-key",
              "cal_nord",
              "calcom.api-base",
              base(standIn),
              "calcom.webhook-secrets",
              SECRET_GOING + "," + SECRET_COMING,
              "calcom.requests-per-minute",
              6000,
              "limits.requests-per-second",
              REQUESTS_PER_SECOND,
              "limits.body",
              BODY_KILOBYTES + "KB");
      for (var setting : settings.entrySet()) {
        RunningSystem.setting(
            home, "callsync.connections." + NAME + "." + setting.getKey(), setting.getValue());
      }
      return new SecondConnection(stack, standIn);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI base(CalcomStandIn standIn) {
    return URI.create("http://127.0.0.1:" + standIn.port());
  }

  /** The directory of a company of this connection. */
  String yaml(Company company) {
    return company.yaml().replace("    timezone:", "    connection: " + NAME + "\n    timezone:");
  }

  Gateway gateway() {
    return gateway;
  }

  /** Signing with the keys that come in a rotation. */
  Gateway rotated() {
    return gateway.withKeys(KEY_COMING, SECRET_COMING);
  }

  Calcom calcom() {
    return calcom;
  }

  @Override
  public void close() {
    try {
      standIn.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.callsync.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class ConnectionPropertiesTest {

  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "CALLSYNC_RETELL_API_KEYS", "key_1,key_2",
          "CALLSYNC_CALCOM_API_KEY", "cal_1",
          "CALLSYNC_CALCOM_WEBHOOK_SECRETS", "whsec_1");

  @Test
  void the_environment_names_a_further_connection() {
    var connections =
        bound(
            Map.of(
                "CALLSYNC_CONNECTIONS_SALON_RETELL_API_KEYS", "key_old,key_new",
                "CALLSYNC_CONNECTIONS_SALON_CALCOM_API_KEY", "cal_2",
                "CALLSYNC_CONNECTIONS_SALON_CALCOM_WEBHOOK_SECRETS", "whsec_2",
                "CALLSYNC_CONNECTIONS_SALON_LIMITS_REQUESTS_PER_SECOND", "5"));
    assertThat(connections.named(null).retell().apiKeys()).containsExactly("key_1", "key_2");
    Connection salon = connections.named("salon");
    assertThat(salon.retell().apiKeys()).containsExactly("key_old", "key_new");
    assertThat(salon.calcom().apiKey()).isEqualTo("cal_2");
    assertThat(salon.calcom().apiBase()).hasToString("https://api.cal.com");
    assertThat(salon.limits().requestsPerSecond()).isEqualTo(5);
    assertThat(salon.limits().body().toMegabytes()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "CALLSYNC_RETELL_API_KEYS,retell.api-keys",
    "CALLSYNC_CALCOM_API_KEY,calcom.api-key",
    "CALLSYNC_CALCOM_WEBHOOK_SECRETS,calcom.webhook-secrets"
  })
  void a_missing_secret_is_named(String variable, String setting) {
    assertThatThrownBy(() -> bound(Map.of(variable, "")))
        .hasStackTraceContaining(setting)
        .hasStackTraceContaining(variable);
  }

  @ParameterizedTest
  @ValueSource(strings = {"functions", "default", "webhook", "inbound"})
  void a_name_that_our_paths_use_is_refused(String name) {
    String prefix = "CALLSYNC_CONNECTIONS_" + name.toUpperCase(java.util.Locale.ROOT);
    assertThatThrownBy(
            () ->
                bound(
                    Map.of(
                        prefix + "_RETELL_API_KEYS", "k",
                        prefix + "_CALCOM_API_KEY", "c",
                        prefix + "_CALCOM_WEBHOOK_SECRETS", "w")))
        .hasStackTraceContaining("callsync.connections." + name);
  }

  @Test
  void half_a_connection_is_refused() {
    assertThatThrownBy(() -> bound(Map.of("CALLSYNC_CONNECTIONS_SALON_RETELL_API_KEYS", "k")))
        .hasStackTraceContaining("callsync.connections.salon needs");
  }

  private static Connections bound(Map<String, Object> environment) {
    Map<String, Object> all = new HashMap<>(DEFAULTS);
    all.putAll(environment);
    var sources = new StandardEnvironment().getPropertySources();
    sources.forEach(source -> sources.remove(source.getName()));
    sources.addFirst(
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, all));
    sources.addLast(new MapPropertySource("none", Map.of()));
    return new Connections(
        new Binder(ConfigurationPropertySources.from(sources))
            .bind("callsync", ConnectionProperties.class)
            .get());
  }
}

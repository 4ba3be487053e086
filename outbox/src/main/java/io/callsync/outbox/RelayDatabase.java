package io.callsync.outbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * The database a relay reads, reached by connections of its own: a busy pool of the service must
 * not cost the relay its lease.
 */
record RelayDatabase(String url, String user, String password) {

  @Override
  public String toString() {
    return url;
  }

  String name() {
    return parsed().getProperty("PGDBNAME");
  }

  HikariDataSource pool(Duration answerWithin) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setPoolName("relay");
    config.setMaximumPoolSize(3);
    config.setMinimumIdle(1);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(answerWithin.toMillis());
    config.addDataSourceProperty("ApplicationName", "callsync-relay");
    config.addDataSourceProperty("connectTimeout", seconds(answerWithin));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  /** Debezium's settings for the same database. */
  Properties debezium() {
    Properties parsed = parsed();
    var settings = new Properties();
    settings.setProperty("database.hostname", parsed.getProperty("PGHOST"));
    settings.setProperty("database.port", parsed.getProperty("PGPORT"));
    settings.setProperty("database.dbname", parsed.getProperty("PGDBNAME"));
    settings.setProperty("database.user", user);
    settings.setProperty("database.password", password);
    parsed.stringPropertyNames().stream()
        .filter(name -> name.startsWith("ssl"))
        .forEach(name -> settings.setProperty("database." + name, parsed.getProperty(name)));
    return settings;
  }

  private Properties parsed() {
    Properties parsed = Driver.parseURL(url, new Properties());
    if (parsed == null) {
      throw new IllegalArgumentException(
          "spring.datasource.url must be a jdbc:postgresql URL, and is not: " + url);
    }
    return parsed;
  }

  private static String seconds(Duration duration) {
    return String.valueOf(Math.max(1, duration.toSeconds()));
  }
}

package io.callsync.gateway.directory;

import io.callsync.gateway.connection.Connection;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A company as the operator set it up.
 *
 * @param timezone IANA zone of what people say and read
 * @param language de or en
 * @param connection whose calls and bookings it has
 * @param fallbackEmail what agents give for callers without an address; never identity
 */
public record CompanyEntry(
    long id,
    String name,
    String timezone,
    String language,
    @Nullable String fallbackEmail,
    String connection) {

  public CompanyEntry {
    // Companies of the time before there were several.
    connection = Objects.requireNonNullElse(connection, Connection.DEFAULT);
  }

  public ZoneId zone() {
    return ZoneId.of(timezone);
  }

  public Locale locale() {
    return Locale.forLanguageTag(language);
  }
}

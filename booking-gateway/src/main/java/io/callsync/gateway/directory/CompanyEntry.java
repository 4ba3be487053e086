package io.callsync.gateway.directory;

import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A company as the operator set it up.
 *
 * @param timezone IANA zone of what people say and read
 * @param language de or en
 * @param fallbackEmail what agents give for callers without an address; never identity
 */
public record CompanyEntry(
    long id, String name, String timezone, String language, @Nullable String fallbackEmail) {

  public ZoneId zone() {
    return ZoneId.of(timezone);
  }

  public Locale locale() {
    return Locale.forLanguageTag(language);
  }
}

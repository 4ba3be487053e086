package io.callsync.gateway.predecessor;

import io.callsync.gateway.customer.CallerNumber;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which contact data is a person's own: columns demanded data that did not exist. Pure. */
final class OldContact {

  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9][0-9 ()/.-]{4,30}");

  private static final Pattern PLACEHOLDER_NAME =
      Pattern.compile(
          "(unbekannte?r?|unknown|anonym(er?|ous)?)([ #(].*)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");

  private static final Pattern PLACEHOLDER_LOCAL =
      Pattern.compile("termin|booking|no-?reply|customer_\\d+|(anonymous|unknown|unbekannt).*");

  private static final Pattern PLACEHOLDER_DOMAIN =
      Pattern.compile("temp.*|.*\\.invalid|.*\\.local|(.*\\.)?(placeholder|anonymous|noreply).*");

  private OldContact() {}

  /** E.164; null for a hidden number, and for the texts that stood for one. */
  static @Nullable String phone(@Nullable String text) {
    return text == null || !NUMBER.matcher(text).matches() ? null : CallerNumber.parse(text);
  }

  static @Nullable String name(@Nullable String text) {
    return text == null || PLACEHOLDER_NAME.matcher(text).matches() ? null : text;
  }

  /** In lower case; null for what is no address, or nobody's own. */
  static @Nullable String email(@Nullable String text) {
    if (text == null || !EMAIL.matcher(text).matches()) {
      return null;
    }
    String address = text.toLowerCase(Locale.ROOT);
    int at = address.lastIndexOf('@');
    return PLACEHOLDER_LOCAL.matcher(address.substring(0, at)).matches()
            || PLACEHOLDER_DOMAIN.matcher(address.substring(at + 1)).matches()
        ? null
        : address;
  }

  /** The called line may lack its plus. */
  static @Nullable String line(@Nullable String text) {
    String own = phone(text);
    return text != null && text.matches("49\\d{8,12}") ? phone("+" + text) : own;
  }
}

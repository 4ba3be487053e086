package io.callsync.gateway.customer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What makes a person one customer of one company: the phone number if there is one, else the
 * e-mail address, else the call (or booking) itself. Never a name, never a fallback address.
 *
 * @param kind phone, email, call, booking, or import for a predecessor's customer of whom nothing
 *     else is known, or who shares it with another one
 */
public record CustomerIdentity(String kind, String value) {

  /**
   * @param phone E.164
   * @param email a person's own address
   * @param occasion kind:id of the call or booking, used where nothing else is known
   */
  public static CustomerIdentity of(
      @Nullable String phone, @Nullable String email, CustomerIdentity occasion) {
    if (phone != null) {
      return new CustomerIdentity("phone", phone);
    }
    return email == null ? occasion : new CustomerIdentity("email", email.toLowerCase(Locale.ROOT));
  }

  /** The predecessor's customer by its id. */
  public static CustomerIdentity imported(long customerId) {
    return new CustomerIdentity("import", String.valueOf(customerId));
  }

  /** The inverse of key. */
  public static CustomerIdentity parse(String key) {
    int colon = key.indexOf(':');
    return new CustomerIdentity(key.substring(0, colon), key.substring(colon + 1));
  }

  public String key() {
    return kind + ":" + value;
  }
}

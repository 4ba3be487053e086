package io.callsync.gateway.booking;

import io.callsync.gateway.customer.CallerNumber;
import org.jspecify.annotations.Nullable;

/**
 * Which contact data is a person's own. Cal.com wants an address or a number for everybody, so one
 * is made where a caller has none; it goes to Cal.com only and never identifies anybody.
 *
 * @param fallbackEmail the company's address for callers without one, null where none is set
 */
public record ContactRules(@Nullable String fallbackEmail) {

  private static final String PLACEHOLDER_DOMAIN = "@callsync.invalid";

  /** What Cal.com itself makes of a phone number where an attendee has no address. */
  private static final String CALCOM_PLACEHOLDER_DOMAIN = "@sms.cal.com";

  /**
   * What Cal.com is given, which wants an address or a number: the person's own address, none where
   * there is a number, else the company's, so that somebody reads Cal.com's mails.
   */
  public @Nullable String addressAtCalcom(
      @Nullable String email, @Nullable String phone, Object bookingId) {
    String own = realEmail(email);
    if (own != null || phone != null) {
      return own;
    }
    return fallbackEmail == null ? placeholder(bookingId) : fallbackEmail;
  }

  /** An address that no other booking shares, for Cal.com only. */
  public static String placeholder(Object bookingId) {
    return bookingId + PLACEHOLDER_DOMAIN;
  }

  public @Nullable String realEmail(@Nullable String email) {
    return email == null
            || email.endsWith(PLACEHOLDER_DOMAIN)
            || email.endsWith(CALCOM_PLACEHOLDER_DOMAIN)
            || email.equalsIgnoreCase(fallbackEmail)
        ? null
        : email;
  }

  public @Nullable String realPhone(@Nullable String phone) {
    return CallerNumber.parse(phone);
  }
}

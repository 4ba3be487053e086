package io.callsync.gateway.customer;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides whether a text is a phone number; everything else is a hidden number.
 */
public final class CallerNumber {

  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

  private CallerNumber() {}

  /** E.164, or null for anonymous, unknown, withheld, empty, placeholder and unreadable values. */
  public static @Nullable String parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      var number = NUMBERS.parse(text, "DE");
      return NUMBERS.isPossibleNumber(number)
          ? NUMBERS.format(number, PhoneNumberFormat.E164)
          : null;
    } catch (NumberParseException notANumber) {
      return null;
    }
  }
}

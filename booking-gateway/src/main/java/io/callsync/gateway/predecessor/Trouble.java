package io.callsync.gateway.predecessor;

import java.util.Locale;

/** What can be wrong with the old data, and what that means for it here. */
enum Trouble {
  ROW_UNREADABLE("cannot be read and is left out"),
  ID_MISSING("has no id and is left out"),
  ID_OUT_OF_RANGE("has an id in the range of live ones (from 1000000) and is left out"),
  ID_TAKEN("has an id that something else holds here, and is left out"),
  REFUSED("was refused by the database and is left out"),
  KNOWN_UNDER_ANOTHER_ID("is known here already, and keeps the id that it has here"),
  DELETED("was deleted there and is left out"),
  NAME_MISSING("has no name and is left out"),
  COMPANY_MISSING("names no company, or one that is not among the tables"),
  COMPANY_MISMATCH("names another company than its number, service or call (TEN-02)"),
  CUSTOMER_COMPANY_UNKNOWN(
      "has no company, and its calls and appointments do not agree on one: left out"),
  CUSTOMER_COMPANY_FOUND("had no company and gets that of its calls and appointments"),
  CUSTOMER_MISSING("names a customer who is not among the tables"),
  CUSTOMER_OF_OTHER_COMPANY("names a customer of another company"),
  CUSTOMER_DIFFERS("names another customer than its booking"),
  CUSTOMER_LINK_GUESSED("was linked to its customer by name or by a model"),
  PHONE_TWICE("shares its phone number with another customer of its company; not merged"),
  PHONE_FALLBACK("has a phone number that stood for hidden ones, and gets none"),
  EMAIL_TWICE("shares its e-mail address with another customer of its company; not merged"),
  KNOWN_OTHERWISE("is in the directory otherwise; the directory stays as it is"),
  NUMBER_UNREADABLE("has no readable phone number and is left out"),
  NUMBERS_DIFFER("has columns that name different phone numbers; the first is taken"),
  NUMBER_TWICE("has a phone number that another row has; the first is taken"),
  EVENT_TYPE_MISSING("has no event type at Cal.com and is left out"),
  EVENT_TYPE_TWICE("has the event type of another service and is left out"),
  DURATION_MISSING("has no duration and is left out"),
  RETELL_ID_MISSING("has no Retell id and is left out"),
  RETELL_ID_TWICE("has the Retell id of another call and is left out"),
  TEMP_CALL_JOINED("is a temporary row of a call that has its own row, and is taken for that one"),
  TEMP_CALL("is a temporary row of a call that has no other row"),
  TEST_CALL("is a test call"),
  END_UNKNOWN("has no sign of its end"),
  TIME_UNCLEAR("has a time that its zone's clock showed never or twice; left empty"),
  ZONE_UNRESOLVED("has a start of which nothing tells the zone; left empty"),
  START_DIFFERS_FROM_CALCOM("has another start than Cal.com's own answer"),
  CALCOM_NAMES_DIFFER("has columns that name different bookings of Cal.com"),
  CALCOM_ID_MISSING("stands without a booking at Cal.com"),
  CALCOM_UID_MISSING(
      "names its booking at Cal.com by number only: appointments reconcile --since finds the rest"),
  LOOK_UP_AT_CALCOM(
      "was booked at Cal.com from a transcript: appointments reconcile --since, or backfill of the call, brings it"),
  BOOKING_WITHOUT_ROW("was booked at Cal.com and had no appointment; it has one now"),
  TWO_CALLS_ONE_BOOKING("names the booking of another call, and is linked as a further one"),
  ONE_BOOKING_SEVERAL_ROWS("is a further row of another appointment's booking and is left out"),
  CALL_MISSING("names a call that is not among the tables"),
  PHONE_BOOKING_WITHOUT_CALL("was booked by phone, and nothing names its call"),
  CLAIM_WITHOUT_BOOKING("claims a booking that nothing shows"),
  CONFIRMED_WITHOUT_BOOKING("counts as confirmed, and nothing names the booking"),
  SEVERAL_SEATS("names a booking whose seats are several bookings here, and is left out"),
  COMPOSITE("is one of several bookings for one wish; each is one appointment");

  private final String sentence;

  Trouble(String sentence) {
    this.sentence = sentence;
  }

  /** Stable; in reports. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is said after the row's table and id. */
  String sentence() {
    return sentence;
  }
}

package io.callsync.gateway.booking;

/** What was once said of a uid and stays true of it; merging keeps every mark. */
public enum LinkMark {
  /** Cal.com got the money. */
  PAID,
  /** The planned end has passed; not that anybody came. */
  ENDED,
  /** The host cancelled and asked the attendee to choose another time. */
  RESCHEDULE_REQUESTED,
  /** One of a series. */
  RECURRING,
  /** Several people may book this time, each a seat. */
  SEATED
}

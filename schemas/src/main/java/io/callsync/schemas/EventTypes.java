package io.callsync.schemas;

/** The words an event's meta may carry; open, so a reader passes over what it does not know. */
public final class EventTypes {

  public static final String BOOKING_REQUESTED = "BookingRequested";
  public static final String BOOKING_PENDING = "BookingPending";
  public static final String BOOKING_CONFIRMED = "BookingConfirmed";
  public static final String BOOKING_DECLINED = "BookingDeclined";
  public static final String BOOKING_FAILED = "BookingFailed";
  public static final String BOOKING_RESCHEDULED = "BookingRescheduled";
  public static final String BOOKING_CANCELLED = "BookingCancelled";
  public static final String BOOKING_COMPLETED = "BookingCompleted";
  public static final String BOOKING_NO_SHOW = "BookingNoShow";
  public static final String BOOKING_IDENTIFIED = "BookingIdentified";
  public static final String BOOKING_CORRECTED = "BookingCorrected";

  public static final String CALL_STARTED = "CallStarted";
  public static final String CALL_ENDED = "CallEnded";
  public static final String CALL_ANALYZED = "CallAnalyzed";
  public static final String CALL_LINKED = "CallLinked";
  public static final String CALLBACK_REQUESTED = "CallbackRequested";
  public static final String CALL_CORRECTED = "CallCorrected";

  public static final String CUSTOMER_REGISTERED = "CustomerRegistered";
  public static final String CUSTOMER_CHANGED = "CustomerChanged";
  public static final String CUSTOMER_ERASED = "CustomerErased";

  public static final String DIRECTORY_CHANGED = "DirectoryChanged";

  private EventTypes() {}
}

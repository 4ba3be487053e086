package io.callsync.localstack.calcom;

/**
 * What tests and demos switch.
 *
 * @param webhookUrl where webhooks go, or empty for nowhere
 * @param webhookAttempts 1 sends once, as Cal.com does by default
 * @param webhookRetryMs the wait before the second attempt; half as much again before each further
 * @param rateLimit requests a window for one key, or 0 for no limit
 * @param openingHours whether bookings outside 09:00 to 17:00 in Berlin are refused
 */
record Settings(
    String webhookUrl,
    String webhookSecret,
    int webhookAttempts,
    long webhookRetryMs,
    int rateLimit,
    int rateWindowSeconds,
    boolean openingHours,
    boolean allowPast) {

  static Settings of(String webhookUrl, String webhookSecret) {
    return new Settings(webhookUrl, webhookSecret, 1, 10_000, 0, 60, true, false);
  }
}

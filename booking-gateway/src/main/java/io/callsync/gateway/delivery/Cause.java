package io.callsync.gateway.delivery;

import java.time.Instant;

/**
 * Why events come to be.
 *
 * @param source retell_phone, calcom_webhook, calcom_reconciliation, backfill, import, operator
 * @param reference delivery:ID, wish:ID, command:ID or TABLE:OLD ID of an import
 * @param occurredAt the sender's time
 * @param receivedAt our time
 */
public record Cause(String source, String reference, Instant occurredAt, Instant receivedAt) {

  public static final String RETELL_PHONE = "retell_phone";
  public static final String CALCOM_WEBHOOK = "calcom_webhook";
  public static final String CALCOM_RECONCILIATION = "calcom_reconciliation";
  public static final String BACKFILL = "backfill";
  public static final String IMPORT = "import";
  public static final String OPERATOR = "operator";
}

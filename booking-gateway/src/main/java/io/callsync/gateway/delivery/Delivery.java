package io.callsync.gateway.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something a verified sender told us, as kept: secrets in it are cut out before it gets here.
 *
 * @param id minted before anything is decided, so that events can name it
 * @param kind event name, function or trigger as received
 * @param subject Retell call id or Cal.com uid
 * @param connection whose it was; null of what was kept before that was written down
 */
public record Delivery(
    long id,
    Instant receivedAt,
    String sender,
    String kind,
    @Nullable String subject,
    byte[] body,
    @Nullable String connection) {

  public static final String RETELL = "retell";
  public static final String CALCOM = "calcom";

  public Cause cause(String source, Instant occurredAt) {
    return new Cause(source, "delivery:" + id, occurredAt, receivedAt);
  }
}

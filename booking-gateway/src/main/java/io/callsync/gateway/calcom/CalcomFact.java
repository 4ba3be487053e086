package io.callsync.gateway.calcom;

import io.callsync.gateway.booking.Link;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one message of Cal.com, webhook or API answer, says about one uid.
 *
 * @param requestId our request id from the metadata, null where the message carries none
 * @param first whether the message may be the first one about a booking: created or requested
 */
public record CalcomFact(
    String calcomAccount, Link link, @Nullable UUID requestId, boolean first) {}

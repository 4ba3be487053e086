package io.callsync.gateway.booking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Wishes whose outcome is unknown.
 *
 * @param giveUpAfter how long after the wish Cal.com may still come up with the booking; only then
 *     it counts as not booked
 */
@ConfigurationProperties("callsync.wishes")
public record WishProperties(@DefaultValue("60s") Duration giveUpAfter) {}

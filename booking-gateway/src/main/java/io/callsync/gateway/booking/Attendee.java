package io.callsync.gateway.booking;

import org.jspecify.annotations.Nullable;

/**
 * Who comes to the appointment.
 *
 * @param phone E.164
 * @param email never a fallback or placeholder address
 */
public record Attendee(@Nullable String name, @Nullable String phone, @Nullable String email) {}

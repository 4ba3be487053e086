package io.callsync.gateway.directory;

import org.jspecify.annotations.Nullable;

/** A company's phone number, as far as a call needs it. */
public record Line(long companyId, @Nullable String branchId) {}

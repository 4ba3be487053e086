package io.callsync.validator.chain;

import org.jspecify.annotations.Nullable;

/** What the events say about a call: its highest revision seen. */
public record ExpectedCall(
    long callId,
    String retellCallId,
    long revision,
    @Nullable Long companyId,
    @Nullable Long customerId) {}

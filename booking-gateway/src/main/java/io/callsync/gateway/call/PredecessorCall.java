package io.callsync.gateway.call;

import org.jspecify.annotations.Nullable;

/**
 * What the predecessor's row of a call says beside the facts: the weakest source for the links.
 *
 * @param bookingDetails JSON object that holds no booking of Cal.com: a mere question, or a guess
 *     from the transcript
 */
public record PredecessorCall(
    @Nullable Long companyId,
    @Nullable String branchId,
    @Nullable Long customerId,
    @Nullable String bookingDetails) {}

package io.callsync.gateway.job;

/**
 * A job as it is ordered.
 *
 * @param kind the name of its kind
 * @param wanted what it is about, as its kind understands it; kept as JSON
 * @param applies whether it changes anything: else it leaves no action in the audit
 * @param unit what is counted, for instance deliveries
 * @param done by an earlier job
 */
public record JobOrder(
    String kind, Object wanted, boolean applies, String unit, long done, long total) {}

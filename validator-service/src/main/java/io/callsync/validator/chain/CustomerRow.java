package io.callsync.validator.chain;

/** A customer of one company, as far as a chain needs it. */
public record CustomerRow(long id, long companyId) {}

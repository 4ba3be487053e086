package io.callsync.validator.readmodel;

import java.time.Instant;

/**
 * What a verification found in one table and nobody has mended since.
 *
 * @param table a table, or the topic whose revisions are missing
 * @param rows as far as they were written down, 1,000 of a table
 * @param firstRow the least of their keys
 */
public record Drift(
    String table,
    boolean missingRevisions,
    long rows,
    String firstRow,
    long jobId,
    Instant verifiedAt) {}

package io.callsync.outbox;

import io.callsync.schemas.Topic;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as a source gives it, before it has the registry's id.
 *
 * @param body null for a tombstone
 * @param fingerprint of the writer's schema; 0 for a tombstone
 * @param rowId the outbox row, 0 for a row change
 * @param committedAt when the change was committed
 */
record Message(
    Topic topic,
    String key,
    long fingerprint,
    byte @Nullable [] body,
    Map<String, String> headers,
    long rowId,
    Instant committedAt) {}

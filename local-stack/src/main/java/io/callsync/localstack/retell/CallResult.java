package io.callsync.localstack.retell;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one call, as Retell saw it.
 *
 * @param functionMicros how long the gateway took for the function call
 * @param answer the function's answer as text, or null where none was asked or given
 * @param failure why the call failed, or null
 */
record CallResult(
    String callId,
    String fromNumber,
    String toNumber,
    Map<String, Object> args,
    int startedStatus,
    int functionStatus,
    long functionSentMicros,
    long functionMicros,
    @Nullable String answer,
    int endedStatus,
    int analyzedStatus,
    @Nullable String failure) {}

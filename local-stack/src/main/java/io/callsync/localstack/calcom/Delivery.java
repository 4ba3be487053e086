package io.callsync.localstack.calcom;

import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * How the webhook of a booking goes out.
 *
 * @param minMs with AFTER: the shortest wait after the answer
 * @param maxMs with AFTER: the longest
 * @param copies how many times it is sent
 * @param atOnce whether the copies go out together, else one after the other
 * @param sameBody whether the copies are equal to the byte (a retry), or differ in createdAt
 *     (several subscriptions)
 */
record Delivery(
    When when,
    long minMs,
    long maxMs,
    int copies,
    boolean atOnce,
    boolean sameBody,
    Metadata metadata) {

  /** When it goes out, seen from the answer to the request that caused it. */
  enum When {
    /** Before the answer, which waits for the receiver. */
    BEFORE,
    /** At the same time. */
    WITH,
    AFTER,
    NONE
  }

  /** Whether the body carries the booking's own metadata. */
  enum Metadata {
    /** As Cal.com's triggers do: some do, some do not. */
    DOCUMENTED,
    NEVER,
    ALWAYS
  }

  static final Delivery DEFAULT =
      new Delivery(When.WITH, 0, 0, 1, false, false, Metadata.DOCUMENTED);

  static Delivery of(JsonNode node) {
    long minMs = node.path("minMs").asLong(node.path("afterMs").asLong(0));
    return new Delivery(
        When.valueOf(node.path("when").asString("with").toUpperCase(Locale.ROOT)),
        minMs,
        Math.max(minMs, node.path("maxMs").asLong(minMs)),
        node.path("copies").asInt(1),
        node.path("atOnce").asBoolean(false),
        node.path("sameBody").asBoolean(false),
        Metadata.valueOf(node.path("metadata").asString("documented").toUpperCase(Locale.ROOT)));
  }

  long waitMs() {
    return ThreadLocalRandom.current().nextLong(minMs, maxMs + 1);
  }
}

/** The transactional outbox and the relay that carries committed rows to Kafka. */
@NullMarked
package io.callsync.outbox;

import org.jspecify.annotations.NullMarked;

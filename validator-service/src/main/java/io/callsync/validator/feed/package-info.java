/** What comes from Kafka: events and row changes, read once, with positions in our own database. */
@NullMarked
package io.callsync.validator.feed;

import org.jspecify.annotations.NullMarked;

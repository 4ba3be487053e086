/**
 * Dates and times as callers and language models say them. Pure: today and the zone are arguments.
 */
@NullMarked
package io.callsync.gateway.spoken;

import org.jspecify.annotations.NullMarked;

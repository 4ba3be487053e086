/** The write side: verified deliveries and function calls in, aggregates and events out. */
@NullMarked
package io.callsync.gateway;

import org.jspecify.annotations.NullMarked;

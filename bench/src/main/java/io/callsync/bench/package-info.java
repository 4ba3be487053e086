/** Load, latency and limits, measured from outside a running stack. */
@NullMarked
package io.callsync.bench;

import org.jspecify.annotations.NullMarked;

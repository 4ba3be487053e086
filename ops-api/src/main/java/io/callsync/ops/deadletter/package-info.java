/**
 * Dead letters: what a consumer cannot handle, put aside with the reason, and what becomes of it.
 */
@NullMarked
package io.callsync.ops.deadletter;

import org.jspecify.annotations.NullMarked;

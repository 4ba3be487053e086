/** The read side: consumes the events, folds them by revision, writes the rows people look at. */
@NullMarked
package io.callsync.projector;

import org.jspecify.annotations.NullMarked;

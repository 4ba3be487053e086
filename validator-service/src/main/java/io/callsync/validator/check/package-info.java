/** Which chains to look at, when, and looking at them. */
@NullMarked
package io.callsync.validator.check;

import org.jspecify.annotations.NullMarked;

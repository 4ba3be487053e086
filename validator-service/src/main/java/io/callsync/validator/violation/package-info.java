/** From findings to episodes: suspected, open, resolved. */
@NullMarked
package io.callsync.validator.violation;

import org.jspecify.annotations.NullMarked;

/** What operators ask over HTTP. */
@NullMarked
package io.callsync.validator.ops;

import org.jspecify.annotations.NullMarked;

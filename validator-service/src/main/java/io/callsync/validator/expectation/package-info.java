/** What the events say should be there. */
@NullMarked
package io.callsync.validator.expectation;

import org.jspecify.annotations.NullMarked;

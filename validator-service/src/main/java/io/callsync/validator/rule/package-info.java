/** The promises about a chain as pure functions. */
@NullMarked
package io.callsync.validator.rule;

import org.jspecify.annotations.NullMarked;

/** Checks what people see against what was promised, and says what is broken until it is mended. */
@NullMarked
package io.callsync.validator;

import org.jspecify.annotations.NullMarked;

/** Up to where each topic has been read. */
@NullMarked
package io.callsync.validator.position;

import org.jspecify.annotations.NullMarked;

/** The rows people see, read only. */
@NullMarked
package io.callsync.validator.readmodel;

import org.jspecify.annotations.NullMarked;

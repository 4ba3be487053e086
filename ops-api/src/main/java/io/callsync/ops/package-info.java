/**
 * The operators' door of every service: whose token it is, what was done, and the shape of errors.
 */
@NullMarked
package io.callsync.ops;

import org.jspecify.annotations.NullMarked;

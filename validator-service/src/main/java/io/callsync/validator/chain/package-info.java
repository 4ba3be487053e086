/**
 * A chain: one call with its customer, company, appointments and wishes, or one booking without a
 * call.
 */
@NullMarked
package io.callsync.validator.chain;

import org.jspecify.annotations.NullMarked;

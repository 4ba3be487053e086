/** The customer aggregate: who is who within one company. */
@NullMarked
package io.callsync.gateway.customer;

import org.jspecify.annotations.NullMarked;

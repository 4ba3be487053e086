/** Broken chains that mend themselves, through the remedies that operators use. */
@NullMarked
package io.callsync.validator.repair;

import org.jspecify.annotations.NullMarked;

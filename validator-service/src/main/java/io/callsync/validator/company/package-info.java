/** How a company's bookings go as a whole: a slow loss that no single chain shows. */
@NullMarked
package io.callsync.validator.company;

import org.jspecify.annotations.NullMarked;

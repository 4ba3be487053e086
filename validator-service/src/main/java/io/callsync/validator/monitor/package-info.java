/** What happens as it happens, for people who look on. */
@NullMarked
package io.callsync.validator.monitor;

import org.jspecify.annotations.NullMarked;

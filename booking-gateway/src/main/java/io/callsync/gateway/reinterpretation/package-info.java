/** Reads what was kept once more, with what is understood today. */
@NullMarked
package io.callsync.gateway.reinterpretation;

import org.jspecify.annotations.NullMarked;

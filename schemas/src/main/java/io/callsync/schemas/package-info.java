/** Topics, wire format and registry of CallSync's events. */
@NullMarked
package io.callsync.schemas;

import org.jspecify.annotations.NullMarked;

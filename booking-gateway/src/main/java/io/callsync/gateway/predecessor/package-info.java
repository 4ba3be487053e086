/** The predecessor's tables: read as text, verified, planned as a whole, and brought in. */
@NullMarked
package io.callsync.gateway.predecessor;

import org.jspecify.annotations.NullMarked;

/** The operator's door of every service: the token and the shape of errors. */
@NullMarked
package io.callsync.ops;

import org.jspecify.annotations.NullMarked;

/** A stand-in for Retell: makes signed phone calls. */
@NullMarked
package io.callsync.localstack.retell;

import org.jspecify.annotations.NullMarked;

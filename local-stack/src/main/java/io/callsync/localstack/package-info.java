/** The whole system on one machine: starts, watches and stops its processes. */
@NullMarked
package io.callsync.localstack;

import org.jspecify.annotations.NullMarked;

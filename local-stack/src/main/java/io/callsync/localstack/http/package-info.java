/** A small HTTP server for the stand-ins. */
@NullMarked
package io.callsync.localstack.http;

import org.jspecify.annotations.NullMarked;

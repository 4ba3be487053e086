/** The demo: many calls end to end, and what became of them. */
@NullMarked
package io.callsync.localstack.demo;

import org.jspecify.annotations.NullMarked;

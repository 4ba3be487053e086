/** The operators' command: a thin client of the services, where rules and rights exist once. */
@NullMarked
package io.callsync.cli;

import org.jspecify.annotations.NullMarked;

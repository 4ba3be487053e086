/** Who may knock: each connection is one Retell workspace with one Cal.com account. */
@NullMarked
package io.callsync.gateway.connection;

import org.jspecify.annotations.NullMarked;

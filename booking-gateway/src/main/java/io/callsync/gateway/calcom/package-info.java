/** Cal.com's side: signatures, webhooks, and the client of API v2. */
@NullMarked
package io.callsync.gateway.calcom;

import org.jspecify.annotations.NullMarked;

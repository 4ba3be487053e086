/** A stand-in for Cal.com: API v2, its webhooks, its page and its faults. */
@NullMarked
package io.callsync.localstack.calcom;

import org.jspecify.annotations.NullMarked;

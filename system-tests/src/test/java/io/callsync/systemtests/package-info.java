/** The whole system on real parts: journeys, incidents, properties and faults. */
package io.callsync.systemtests;

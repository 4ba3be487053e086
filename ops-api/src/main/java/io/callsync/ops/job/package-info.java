/** What the services' long jobs have in common. */
@NullMarked
package io.callsync.ops.job;

import org.jspecify.annotations.NullMarked;

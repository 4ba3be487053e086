/** What JDBC leaves to be said. */
@NullMarked
package io.callsync.validator.sql;

import org.jspecify.annotations.NullMarked;

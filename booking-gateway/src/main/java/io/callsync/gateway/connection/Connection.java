package io.callsync.gateway.connection;

/**
 * One Retell workspace and the Cal.com account in which its calls book. Companies belong to one
 * connection, and whatever one connection signs reaches nothing of another.
 *
 * @param name as in the path and in the directory; also the name of the Cal.com account in rows and
 *     events
 */
public record Connection(String name, RetellAccount retell, CalcomAccount calcom, Limits limits) {

  /** The one without a name in its paths. */
  public static final String DEFAULT = "default";
}

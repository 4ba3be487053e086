package io.callsync.gateway.predecessor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a row calls a booking of Cal.com: one column held now its number, now its uid. Pure.
 *
 * @param id Cal.com's numeric id
 * @param uid the current one
 * @param previousUid the one before a reschedule
 * @param agree whether all columns that name one name the same
 */
record CalcomNames(
    @Nullable Long id, @Nullable String uid, @Nullable String previousUid, boolean agree) {

  static final CalcomNames NONE = new CalcomNames(null, null, null, true);

  /** A uid of Cal.com is a short UUID: letters and digits, both, and no hyphens. */
  static boolean isUid(@Nullable String text) {
    return text != null && text.matches("(?=.*[A-Za-z])[A-Za-z0-9]{12,40}");
  }

  static @Nullable Long number(@Nullable String text) {
    return text != null && text.matches("[1-9]\\d{0,17}") ? Long.valueOf(text) : null;
  }

  /**
   * @param candidates texts that may be a number or a uid, the most trusted first
   */
  static CalcomNames of(List<@Nullable String> candidates, @Nullable String previous) {
    var ids = new TreeSet<Long>();
    var uids = new TreeSet<String>();
    List<String> named = new ArrayList<>();
    for (String candidate : candidates) {
      Long number = number(candidate);
      if (number != null) {
        ids.add(number);
        named.add(number.toString());
      } else if (candidate != null && isUid(candidate)) {
        uids.add(candidate);
        named.add(candidate);
      }
    }
    return new CalcomNames(
        named.stream().map(CalcomNames::number).filter(Objects::nonNull).findFirst().orElse(null),
        named.stream().filter(CalcomNames::isUid).findFirst().orElse(null),
        isUid(previous) ? previous : null,
        ids.size() <= 1 && uids.size() <= 1);
  }

  /** The number and uid of a booking as Cal.com wrote it. */
  static List<@Nullable String> in(JsonNode calcomBooking) {
    List<@Nullable String> names = new ArrayList<>();
    names.add(calcomBooking.path("uid").asString(null));
    names.add(calcomBooking.path("id").asString(null));
    return names;
  }

  boolean isEmpty() {
    return id == null && uid == null;
  }
}

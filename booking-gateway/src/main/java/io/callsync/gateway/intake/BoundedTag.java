package io.callsync.gateway.intake;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Words that strangers choose, as values of a metric's tag: the first ones by themselves, all
 * others together. Numbers are blotted out, since a number may be somebody's.
 */
public final class BoundedTag {

  static final int MOST = 50;
  static final String OTHER = "other";

  private static final int LONGEST = 80;

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  public String of(String word) {
    String cut = word.length() > LONGEST ? word.substring(0, LONGEST) : word;
    String plain = cut.replaceAll("[^A-Za-z0-9_./-]", "_").replaceAll("\\d{3,}", "#");
    if (known.contains(plain)) {
      return plain;
    }
    synchronized (known) {
      return known.size() < MOST && known.add(plain) ? plain : OTHER;
    }
  }
}

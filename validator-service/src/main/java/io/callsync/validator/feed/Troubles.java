package io.callsync.validator.feed;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** What keeps the feeds from reading. */
@Component
public class Troubles {

  private final List<Feed> feeds;

  Troubles(List<Feed> feeds) {
    this.feeds = feeds;
  }

  /** By feed; empty where all read. */
  public Map<String, String> all() {
    var troubles = new TreeMap<String, String>();
    for (Feed feed : feeds) {
      String trouble = feed.trouble();
      if (trouble != null) {
        troubles.put(feed.name(), trouble);
      }
    }
    return troubles;
  }
}

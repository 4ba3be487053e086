package io.callsync.validator.feed;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Decides whether what was read may be taken yet. */
interface Gate {

  Gate OPEN = ends -> true;

  /**
   * @param ends for each partition, the offset behind the last record that was read
   */
  boolean passed(Map<TopicPartition, Long> ends);
}

package io.callsync.validator.feed;

import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** What one read brought: records that could be understood. */
interface Batch {

  /** Takes records in the transaction that moves the positions. */
  void take(List<SpecificRecord> records, Instant now);
}

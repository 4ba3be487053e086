package io.callsync.validator.repair;

import io.callsync.validator.chain.ChainKey;
import java.util.List;

/** One chain in repair, for these violations. */
record Attempt(ChainKey chain, List<Broken> broken) {

  /** An open violation in its episode. */
  record Broken(String violationId, int episode, String chainKey, long companyId) {}

  /** Why, for the record of whoever is asked. */
  String reason() {
    return String.join(", ", broken.stream().map(Broken::violationId).sorted().toList());
  }
}

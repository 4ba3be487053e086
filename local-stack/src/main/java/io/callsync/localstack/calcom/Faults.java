package io.callsync.localstack.calcom;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that are switched on, in the order in which they were. */
final class Faults {

  private final List<Fault> all = new ArrayList<>();

  synchronized void add(Fault fault) {
    all.add(fault);
  }

  synchronized void clear() {
    all.clear();
  }

  synchronized List<Fault> list() {
    return List.copyOf(all);
  }

  /** The first that befalls this operation, once less from now on. */
  synchronized Optional<Fault> strike(String operation) {
    for (int i = 0; i < all.size(); i++) {
      Fault fault = all.get(i);
      if (fault.befalls(operation)) {
        all.set(i, fault.onceLess());
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }
}

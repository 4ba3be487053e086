package io.callsync.gateway.directory;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A service of one company and the Cal.com event type that books it. */
public record ServiceEntry(
    long id,
    long companyId,
    @Nullable String branchId,
    String name,
    List<String> synonyms,
    int durationMinutes,
    long eventTypeId,
    String calcomAccount,
    boolean active) {

  boolean isCalled(String folded) {
    return Stream.concat(Stream.of(name), synonyms.stream())
        .map(Spoken::fold)
        .anyMatch(folded::equals);
  }
}

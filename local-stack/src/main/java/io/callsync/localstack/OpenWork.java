package io.callsync.localstack;

import io.callsync.localstack.http.JsonClient;
import io.callsync.localstack.http.JsonClient.AnswerException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What waits for an operator or is under way, as the services tell it that answer. */
final class OpenWork {

  private final Addresses addresses;
  private final JsonClient services;

  OpenWork(Addresses addresses, JsonClient services) {
    this.addresses = addresses;
    this.services = services;
  }

  /** A line each, with the command that says more; empty where nothing waits. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    long projectors = letters(addresses.projector());
    long validators = letters(addresses.validator());
    if (projectors + validators > 0) {
      lines.add(
          "dead letters open: %d (projector %d, validator %d); ./appointments dead-letters list"
              .formatted(projectors + validators, projectors, validators));
    }
    List<String> jobs =
        Stream.concat(unfinished(addresses.gateway()), unfinished(addresses.projector())).toList();
    if (!jobs.isEmpty()) {
      lines.add(
          "jobs not ended: %d (%s); ./appointments jobs"
              .formatted(jobs.size(), String.join(", ", jobs)));
    }
    return lines;
  }

  private long letters(URI service) {
    return asked(service, "/ops/dead-letters").map(page -> page.path("open").asLong(0)).orElse(0L);
  }

  private Stream<String> unfinished(URI service) {
    return asked(service, "/ops/jobs").stream()
        .flatMap(jobs -> jobs.path("jobs").valueStream())
        .filter(job -> job.path("endedAt").isNull())
        .map(job -> job.path("id").asString() + ' ' + job.path("kind").asString());
  }

  /** Empty where it does not answer: the table above says so. */
  private Optional<JsonNode> asked(URI service, String path) {
    try {
      return Optional.of(services.get(service.resolve(path)));
    } catch (AnswerException down) {
      return Optional.empty();
    }
  }
}

package io.callsync.gateway.connection;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one connection may bring, so that it takes nothing from the others.
 *
 * @param requestsPerSecond signed requests, whatever address they come from: genuine calls come
 *     from few
 * @param body of one request; Retell's call objects hold the transcript three times over, several
 *     megabytes are normal
 */
public record Limits(
    @DefaultValue("300") int requestsPerSecond, @DefaultValue("8MB") DataSize body) {

  public Limits {
    if (requestsPerSecond < 1 || body.toBytes() < 1024) {
      throw new IllegalArgumentException(
          "limits.requests-per-second must be at least 1 and limits.body at least 1KB");
    }
  }
}

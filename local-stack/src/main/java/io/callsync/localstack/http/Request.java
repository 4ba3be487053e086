package io.callsync.localstack.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request as it came.
 *
 * @param headers by lower-case name, the first value of each
 * @param receivedMicros microseconds since the epoch when its head had been read
 */
public record Request(
    String method, URI uri, Map<String, String> headers, byte[] body, long receivedMicros) {

  /** The path's parts, decoded: /v2/bookings gives v2, bookings. */
  public List<String> path() {
    List<String> parts = new ArrayList<>();
    for (String part : uri.getPath().split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  public Map<String, String> query() {
    Map<String, String> values = new LinkedHashMap<>();
    String raw = uri.getRawQuery();
    if (raw == null) {
      return values;
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      values.put(
          URLDecoder.decode(name, StandardCharsets.UTF_8),
          URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
    return values;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The body as JSON; an empty object where there is none or it is none. */
  public JsonNode json() {
    try {
      JsonNode node = JsonMapper.shared().readTree(body);
      return node == null || node.isMissingNode() ? JsonMapper.shared().createObjectNode() : node;
    } catch (JacksonException e) {
      return JsonMapper.shared().createObjectNode();
    }
  }
}

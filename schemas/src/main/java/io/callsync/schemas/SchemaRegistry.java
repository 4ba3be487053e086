package io.callsync.schemas;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Client of the registry's Confluent-compatible API. Answers are immutable and therefore kept for
 * the life of the process.
 */
public final class SchemaRegistry {

  /** The registry could not be asked or refused; the message says what to do. */
  public static final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message, Throwable cause) {
      super(message, cause);
    }

    RegistryException(String message) {
      super(message);
    }
  }

  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final URI base;
  private final HttpClient http;
  private final JsonMapper json = JsonMapper.shared();
  private final Map<Integer, Schema> schemasById = new ConcurrentHashMap<>();
  private final Map<String, Integer> idsBySubjectAndFingerprint = new ConcurrentHashMap<>();

  /**
   * @param base the Confluent-compatible base, for instance http://127.0.0.1:8081/apis/ccompat/v7
   */
  public SchemaRegistry(URI base) {
    this.base = base;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
  }

  /** Registers the topic's schema under BACKWARD_TRANSITIVE and returns its id; repeatable. */
  public int register(Topic topic) {
    put("/config/" + topic.subject(), Map.of("compatibility", "BACKWARD_TRANSITIVE"));
    return post("/subjects/" + topic.subject() + "/versions", schemaBody(topic.schema()))
        .path("id")
        .asInt();
  }

  /**
   * The id of a schema that is registered under the topic's subject.
   *
   * @throws RegistryException where it is not, or the registry is away
   */
  public int idOf(Topic topic, Schema schema) {
    String key = topic.subject() + '/' + AvroBody.fingerprint(schema);
    return idsBySubjectAndFingerprint.computeIfAbsent(
        key, k -> post("/subjects/" + topic.subject(), schemaBody(schema)).path("id").asInt());
  }

  /**
   * The schema with that id.
   *
   * @throws RegistryException where there is none, or the registry is away
   */
  public Schema schema(int id) {
    return schemasById.computeIfAbsent(
        id,
        i ->
            new Schema.Parser()
                .parse(send("GET", "/schemas/ids/" + i, "").path("schema").asString()));
  }

  private Map<String, Object> schemaBody(Schema schema) {
    return Map.of("schema", schema.toString(), "schemaType", "AVRO");
  }

  private JsonNode post(String path, Object body) {
    return send("POST", path, json.writeValueAsString(body));
  }

  private void put(String path, Object body) {
    send("PUT", path, json.writeValueAsString(body));
  }

  private JsonNode send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .header("Content-Type", MEDIA_TYPE)
            .header("Accept", MEDIA_TYPE)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new RegistryException(
            "schema registry refused %s %s with %d: %s"
                .formatted(method, path, response.statusCode(), response.body()));
      }
      return json.readTree(response.body());
    } catch (IOException e) {
      throw new RegistryException("schema registry does not answer at " + base, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryException("interrupted while asking the schema registry", e);
    }
  }
}

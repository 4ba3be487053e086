package io.callsync.ops.deadletter;

import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import io.callsync.ops.deadletter.LetterTable.Filter;
import io.callsync.ops.deadletter.Redrive.StillRefused;
import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.SchemaRegistry;
import java.net.URI;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** This service's dead letters for operators: listed, shown, redriven, dropped. */
@RestController
@RequestMapping("/ops/dead-letters")
class DeadLetterController {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterController.class);
  private static final int MOST = 200;

  private final LetterTable letters;
  private final LetterTopics topics;
  private final URI registryUrl;
  private final Redrive redrive;

  DeadLetterController(LetterTable letters, LetterTopics topics, URI registryUrl, Redrive redrive) {
    this.letters = letters;
    this.topics = topics;
    this.registryUrl = registryUrl;
    this.redrive = redrive;
  }

  /**
   * @param open how many are open, whatever the filter
   * @param next the id after which the next page begins; null where this is the last
   */
  record Page(List<Letter> letters, long open, @Nullable String next) {}

  /**
   * A letter and its content.
   *
   * @param key the record's key where it is plain text
   * @param bytes the length of its value
   * @param event what it says without anything personal; null where it cannot be read
   * @param unreadable why it cannot be read; null where it can
   */
  record Shown(
      Letter letter,
      Map<String, String> headers,
      String key,
      int bytes,
      @Nullable Object event,
      @Nullable String unreadable) {}

  /** A request that cannot be answered as asked; the message is one sentence. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refused(int status, String code, String sentence) {
      super(sentence);
      this.status = status;
      this.code = code;
    }
  }

  /**
   * The newest first.
   *
   * @param topic the source's name or that of its .dlt
   * @param since ISO-8601 with an offset
   * @param state open, which is the default, or all
   * @param after the {@code next} of the page before
   */
  @GetMapping
  Page list(
      @RequestParam(required = false) @Nullable String topic,
      @RequestParam(required = false) @Nullable String reasonContains,
      @RequestParam(required = false) @Nullable String since,
      @RequestParam(defaultValue = "open") String state,
      @RequestParam(required = false) @Nullable String after) {
    try {
      List<Letter> page =
          letters.page(
              new Filter(
                  topic,
                  reasonContains,
                  since == null ? null : OffsetDateTime.parse(since).toInstant(),
                  state.equals("all")),
              after == null ? null : id(after),
              MOST);
      return new Page(page, letters.open(), page.size() < MOST ? null : page.getLast().id());
    } catch (DateTimeException e) {
      throw new Refused(400, "filter_wrong", "since must be a time such as 2026-03-10T09:30:00Z.");
    }
  }

  @GetMapping("/{topic}/{partition}/{offset}")
  Shown show(
      @PathVariable String topic, @PathVariable String partition, @PathVariable String offset) {
    LetterId id = id(topic + '/' + partition + '/' + offset);
    Letter letter = known(id);
    Optional<ConsumerRecord<byte[], byte[]>> found = topics.read(id);
    if (found.isEmpty()) {
      return new Shown(
          letter, Map.of(), "", 0, null, "retention has deleted it from its topic: drop it");
    }
    ConsumerRecord<byte[], byte[]> record = found.get();
    Object event = null;
    String unreadable = null;
    try {
      ConsumerRecord<byte[], byte[]> source = LetterTopics.source(record);
      event =
          ShownEvent.of(
              new EventDeserializer(new SchemaRegistry(registryUrl))
                  .deserialize(source.topic(), source.value()));
    } catch (RuntimeException e) {
      // Its kind only: the message may quote the value.
      unreadable = e.getClass().getSimpleName();
    }
    return new Shown(
        letter,
        LetterTopics.headers(record),
        LetterTopics.plain(record.key()),
        record.value() == null ? 0 : record.value().length,
        event,
        unreadable);
  }

  /** Has the record handled once more; answers with the letter as it stands then. */
  @PostMapping("/{topic}/{partition}/{offset}/redrive")
  ResponseEntity<?> redrive(
      @PathVariable String topic,
      @PathVariable String partition,
      @PathVariable String offset,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    LetterId id = id(topic + '/' + partition + '/' + offset);
    operator.is("dead-letters redrive", id.toString());
    requireOpen(known(id));
    ConsumerRecord<byte[], byte[]> letter =
        topics
            .read(id)
            .orElseThrow(
                () ->
                    new Refused(
                        409,
                        "dead_letter_gone",
                        "Retention has deleted %s from its topic: drop it.".formatted(id)));
    try {
      redrive.handle(LetterTopics.source(letter));
      letters.close(id, "redriven", operator.operator(), operator.reason());
    } catch (StillRefused e) {
      letters.stays(id, e.reason());
      operator.refused("it stays open: " + e.reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return away(e);
    } catch (Exception e) {
      return away(e);
    }
    return ResponseEntity.ok(known(id));
  }

  /** Says that nobody needs it any more; its bytes stay in the topic until retention takes them. */
  @PostMapping("/{topic}/{partition}/{offset}/drop")
  Letter drop(
      @PathVariable String topic,
      @PathVariable String partition,
      @PathVariable String offset,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    LetterId id = id(topic + '/' + partition + '/' + offset);
    operator.is("dead-letters drop", id.toString());
    requireOpen(known(id));
    if (!letters.close(id, "dropped", operator.operator(), operator.reason())) {
      requireOpen(known(id));
    }
    return known(id);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(Refused e) {
    return ResponseEntity.status(e.status)
        .body(ProblemResponse.detail(e.status, e.code, String.valueOf(e.getMessage())));
  }

  @ExceptionHandler({DataAccessException.class, KafkaException.class})
  ResponseEntity<ProblemDetail> away(Exception e) {
    log.warn("dead letters cannot be looked at: {}", e.toString());
    return ResponseEntity.status(503)
        .body(
            ProblemResponse.detail(
                503,
                "part_away",
                "Kafka, the registry or the database does not answer (%s), nothing was decided: try again."
                    .formatted(e.getClass().getSimpleName())));
  }

  private Letter known(LetterId id) {
    return letters
        .find(id)
        .orElseThrow(
            () ->
                new Refused(
                    404,
                    "dead_letter_unknown",
                    "There is no dead letter %s here: ./appointments dead-letters list shows them."
                        .formatted(id)));
  }

  private static void requireOpen(Letter letter) {
    if (!letter.isOpen()) {
      throw new Refused(
          409,
          "dead_letter_closed",
          "%s was %s at %s by %s: there is nothing left to do."
              .formatted(letter.id(), letter.state(), letter.closedAt(), letter.closedBy()));
    }
  }

  private static LetterId id(String text) {
    var parts =
        java.util.regex.Pattern.compile("([A-Za-z0-9._-]{1,249})/(\\d{1,5})/(\\d{1,18})")
            .matcher(text);
    if (!parts.matches()) {
      throw new Refused(
          400,
          "dead_letter_id_wrong",
          "A dead letter is named as in the list, for instance booking-events.dlt/1/42.");
    }
    return new LetterId(
        parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3)));
  }
}

package io.callsync.ops.deadletter;

import io.callsync.events.Sealed;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** An event as operators may see it: whole but for what is personal. */
final class ShownEvent {

  static final String PERSONAL = "(personal)";

  private ShownEvent() {}

  /** Maps, lists, texts, numbers and truth values. */
  static @Nullable Object of(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Sealed _ -> PERSONAL;
      case IndexedRecord event -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        event
            .getSchema()
            .getFields()
            .forEach(field -> fields.put(field.name(), of(event.get(field.pos()))));
        yield fields;
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        map.forEach((name, entry) -> entries.put(String.valueOf(name), of(entry)));
        yield entries;
      }
      case Collection<?> items -> items.stream().map(ShownEvent::of).toList();
      case Number number -> number;
      case Boolean truth -> truth;
      case ByteBuffer bytes -> "(%d bytes)".formatted(bytes.remaining());
      default -> value.toString();
    };
  }
}

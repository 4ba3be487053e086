package io.callsync.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON value as people's output needs it: what is absent is an empty value, and no look-up fails.
 * An object is a Map, an array a List, anything else its text or null.
 */
record Json(@Nullable Object value) {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Reads the one value of a document. */
  static Json parse(String text) {
    try (JsonParser parser = parser(new java.io.StringReader(text))) {
      parser.nextToken();
      return read(parser);
    }
  }

  /** Writes an object of texts, numbers and truth values. */
  static String write(Map<String, ?> object) {
    var text = new java.io.StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      object.forEach(
          (name, field) -> {
            out.writeName(name);
            write(out, field);
          });
      out.writeEndObject();
    }
    return text.toString();
  }

  /** The value on one line, as it was read. */
  String written() {
    var text = new java.io.StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(out, value);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case Map<?, ?> object -> {
        out.writeStartObject();
        object.forEach(
            (name, child) -> {
              out.writeName(name.toString());
              write(out, child);
            });
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(child -> write(out, child));
        out.writeEndArray();
      }
      case Boolean truth -> out.writeBoolean(truth);
      case Long number -> out.writeNumber(number);
      default -> out.writeString(value.toString());
    }
  }

  static JsonParser parser(java.io.Reader reader) {
    return FACTORY.createParser(ObjectReadContext.empty(), reader);
  }

  static JsonParser parser(java.io.InputStream in) {
    return FACTORY.createParser(ObjectReadContext.empty(), in);
  }

  /** Reads the value that the parser stands on. */
  static Json read(JsonParser parser) {
    return new Json(tree(parser));
  }

  Json at(String field) {
    return new Json(value instanceof Map<?, ?> object ? object.get(field) : null);
  }

  List<Json> items() {
    return value instanceof List<?> list ? list.stream().map(Json::new).toList() : List.of();
  }

  /** The fields of an object in their order. */
  Map<String, Json> fields() {
    var fields = new LinkedHashMap<String, Json>();
    if (value instanceof Map<?, ?> object) {
      object.forEach((name, child) -> fields.put(name.toString(), new Json(child)));
    }
    return fields;
  }

  boolean isPresent() {
    return value != null;
  }

  boolean isObject() {
    return value instanceof Map;
  }

  boolean isArray() {
    return value instanceof List;
  }

  /** The text of a scalar, empty where it is absent. */
  String text() {
    return value == null ? "" : value.toString();
  }

  long number() {
    return value instanceof Number number ? number.longValue() : 0;
  }

  boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  private static @Nullable Object tree(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, tree(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(tree(parser));
        }
        yield array;
      }
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> parser.getLongValue();
      default -> parser.getString();
    };
  }
}

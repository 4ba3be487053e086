package io.callsync.cli;

import java.util.Map;

/**
 * Writes a value as YAML: blocks, and every text in double quotes, which leaves nothing to guess.
 */
final class Yaml {

  private Yaml() {}

  static String of(Json value) {
    var out = new StringBuilder();
    write(value, 0, out);
    return out.toString();
  }

  private static void write(Json value, int depth, StringBuilder out) {
    if (value.isObject()) {
      boolean first = true;
      for (Map.Entry<String, Json> field : value.fields().entrySet()) {
        // The first field of a list's item stands behind its dash.
        out.append(first && isBehindDash(out) ? "" : "  ".repeat(depth));
        first = false;
        out.append(field.getKey()).append(':');
        child(field.getValue(), depth + 1, out);
      }
    } else if (value.isArray()) {
      for (Json item : value.items()) {
        out.append("  ".repeat(depth)).append("- ");
        if (isBlock(item)) {
          write(item, depth + 1, out);
        } else {
          out.append(scalar(item)).append('\n');
        }
      }
    } else {
      out.append(scalar(value)).append('\n');
    }
  }

  private static void child(Json value, int depth, StringBuilder out) {
    if (isBlock(value)) {
      out.append('\n');
      write(value, depth, out);
    } else {
      out.append(' ').append(scalar(value)).append('\n');
    }
  }

  private static boolean isBehindDash(StringBuilder out) {
    return out.length() >= 2 && out.substring(out.length() - 2).equals("- ");
  }

  private static boolean isBlock(Json value) {
    return (value.isObject() && !value.fields().isEmpty())
        || (value.isArray() && !value.items().isEmpty());
  }

  private static String scalar(Json value) {
    Object scalar = value.value();
    if (value.isArray()) {
      return "[]";
    }
    if (value.isObject()) {
      return "{}";
    }
    return scalar instanceof String text ? quoted(text) : String.valueOf(scalar);
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default -> {
          if (c < ' ') {
            quoted.append("\\x%02x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}

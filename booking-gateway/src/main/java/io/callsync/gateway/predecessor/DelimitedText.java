package io.callsync.gateway.predecessor;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of separated fields, in the two ways in which the predecessor's tables were written. No
 * CSV library reads the second one: PHP's fputcsv leaves a quote alone that follows a backslash, as
 * in every JSON text within JSON, where all others double it.
 */
final class DelimitedText {

  /** How special characters are written. */
  enum Style {
    /** mysqldump --tab, SELECT INTO OUTFILE: backslashes escape, {@code \N} is null. */
    MYSQL,
    /** Quotes are doubled; by PHP not those that follow a backslash. Empty is null. */
    QUOTED
  }

  private static final int END = -1;

  /** The longest run of quotes that is looked at before it is read. */
  private static final int MOST_AHEAD = 64;

  private final PushbackReader in;
  private final char delimiter;
  private final Style style;

  DelimitedText(Reader in, char delimiter, Style style) {
    this.in = new PushbackReader(in, MOST_AHEAD);
    this.delimiter = delimiter;
    this.style = style;
  }

  /** The next record, null at the end; a field is null where it stands for NULL. */
  @Nullable List<@Nullable String> next() throws IOException {
    int first = in.read();
    while (first == '\n' || first == '\r' || first == '\uFEFF') {
      first = in.read();
    }
    if (first == END) {
      return null;
    }
    in.unread(first);
    List<@Nullable String> fields = new ArrayList<>();
    do {
      fields.add(field());
    } while (in.read() == delimiter);
    return fields;
  }

  /** Reads up to what ends the field, and leaves that. */
  private @Nullable String field() throws IOException {
    int first = in.read();
    if (first == '"' && !isTabbed()) {
      return quoted();
    }
    var text = new StringBuilder();
    int c = first;
    boolean isNull = false;
    while (c != END && c != delimiter && c != '\n') {
      if (c == '\\' && style == Style.MYSQL) {
        int escaped = in.read();
        isNull = escaped == 'N' && text.isEmpty();
        append(text, unescaped(escaped));
      } else {
        append(text, c);
      }
      c = in.read();
    }
    leave(c);
    String plain = text.toString();
    if (style == Style.MYSQL) {
      return isNull && plain.equals("N") ? null : plain;
    }
    if (plain.endsWith("\r")) {
      plain = plain.substring(0, plain.length() - 1);
    }
    return plain.isEmpty() || plain.equals("\\N") || plain.equals("NULL") ? null : plain;
  }

  private String quoted() throws IOException {
    var text = new StringBuilder();
    int c = in.read();
    while (c != END) {
      if (c == '\\' && style == Style.MYSQL) {
        append(text, unescaped(in.read()));
      } else if (c == '\\') {
        text.append('\\');
        // Doubled ones are an even run; an odd one begins with PHP's quote that is none.
        if (run() % 2 == 1) {
          text.append((char) in.read());
        }
      } else if (c == '"') {
        int next = in.read();
        if (next != '"') {
          leave(next);
          break;
        }
        text.append('"');
      } else {
        append(text, c);
      }
      c = in.read();
    }
    skipToEnd();
    return text.toString();
  }

  /** mysqldump --tab encloses nothing: a quote there is the beginning of a JSON text. */
  private boolean isTabbed() {
    return style == Style.MYSQL && delimiter == '\t';
  }

  /** How many quotes come next. */
  private int run() throws IOException {
    int length = 0;
    int c = in.read();
    while (c == '"' && length < MOST_AHEAD - 2) {
      length++;
      c = in.read();
    }
    leave(c);
    for (int i = 0; i < length; i++) {
      in.unread('"');
    }
    return length;
  }

  private void skipToEnd() throws IOException {
    int c = in.read();
    while (c != END && c != delimiter && c != '\n') {
      c = in.read();
    }
    leave(c);
  }

  private void leave(int c) throws IOException {
    if (c != END) {
      in.unread(c);
    }
  }

  private static void append(StringBuilder text, int c) {
    if (c != END) {
      text.append((char) c);
    }
  }

  private static int unescaped(int c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case '0' -> '\0';
      case 'Z' -> 26;
      default -> c;
    };
  }
}

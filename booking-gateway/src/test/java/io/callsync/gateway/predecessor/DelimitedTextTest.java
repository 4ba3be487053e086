package io.callsync.gateway.predecessor;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.gateway.predecessor.DelimitedText.Style;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DelimitedTextTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  @Property
  boolean a_dump_of_mysql_is_read_as_it_was_written(
      @ForAll List<@Size(min = 1, max = 4) List<String>> table) throws IOException {
    var file = new StringBuilder();
    List<List<String>> rows = table.stream().filter(row -> !row.equals(List.of(""))).toList();
    for (List<String> row : rows) {
      file.append(String.join("\t", row.stream().map(DelimitedTextTest::ofMysql).toList()))
          .append('\n');
    }
    return records(file.toString(), '\t', Style.MYSQL).equals(rows);
  }

  @Property
  boolean json_within_json_is_read_as_PHP_and_as_everybody_else_writes_it(
      @ForAll @Size(max = 4) Map<String, String> details,
      @ForAll boolean twice,
      @ForAll boolean php)
      throws IOException {
    String once = JSON.writeValueAsString(details);
    String value = twice ? JSON.writeValueAsString(once) : once;
    String file = "id,details,last\n7," + (php ? ofPhp(value) : ofOthers(value)) + ",end\n";
    List<List<String>> read = records(file, ',', Style.QUOTED);
    return read.get(1).get(2).equals("end")
        && NestedJson.object(read.get(1).get(1)).equals(JSON.valueToTree(details));
  }

  @Test
  void nothing_and_NULL_are_null_and_a_line_break_in_quotes_is_none() throws IOException {
    assertThat(records("a,,NULL,\\N,\"\"\r\n\"one\ntwo\",\"say \"\"yes\"\"\"\n", ',', Style.QUOTED))
        .containsExactly(
            Arrays.asList("a", null, null, null, ""), List.of("one\ntwo", "say \"yes\""));
    assertThat(records("1\t\\N\t\\\\N\tN\n", '\t', Style.MYSQL))
        .containsExactly(Arrays.asList("1", null, "\\N", "N"));
  }

  private static List<List<String>> records(String file, char delimiter, Style style)
      throws IOException {
    var text = new DelimitedText(new StringReader(file), delimiter, style);
    List<List<String>> records = new ArrayList<>();
    for (List<String> record = text.next(); record != null; record = text.next()) {
      records.add(record);
    }
    return records;
  }

  private static String ofMysql(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\0", "\\0")
        .replace("\uFEFF", "\\\uFEFF");
  }

  /** As fputcsv does: a backslash switches doubling off until the next quote. */
  private static String ofPhp(String value) {
    var text = new StringBuilder("\"");
    boolean escaped = false;
    for (char c : value.toCharArray()) {
      if (c == '\\') {
        escaped = true;
      } else if (c == '"' && !escaped) {
        text.append('"');
      } else {
        escaped = false;
      }
      text.append(c);
    }
    return text.append('"').toString();
  }

  private static String ofOthers(String value) {
    return '"' + value.replace("\"", "\"\"") + '"';
  }
}

package io.callsync.gateway.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callsync.gateway.directory.DirectoryFile.DirectoryFileException;
import org.junit.jupiter.api.Test;

/** What a person typed wrong is said in one line, with its place and the next step. */
class DirectoryFileTest {

  private static String refusal(String file) {
    var refused = new StringBuilder();
    assertThatThrownBy(() -> DirectoryFile.parse(file.getBytes(UTF_8)))
        .isInstanceOfSatisfying(DirectoryFileException.class, e -> refused.append(e.sentence()));
    assertThat(refused.toString()).hasLineCount(1).doesNotContain("io.callsync", "tools.jackson");
    return refused.toString();
  }

  @Test
  void what_is_no_YAML_is_said_with_the_line_where_it_ends() {
    assertThat(refusal("companies: [\n"))
        .isEqualTo(
            "The directory file cannot be read at line 2: expected the node content, but found '<stream end>';"
                + " correct it there and import the file again.");
    assertThat(refusal("companies:\n  - id: 1\n    name: A\n   timezone: Europe/Berlin\n"))
        .startsWith("The directory file cannot be read at line 4: ")
        .endsWith("; correct it there and import the file again.");
    assertThat(refusal("companies:\n\t- id: 1\n"))
        .startsWith("The directory file cannot be read at line 2: ");
  }

  @Test
  void an_unknown_field_is_said_with_those_that_there_are() {
    assertThat(refusal("companies:\n  - id: 1\n    nome: Salon\n"))
        .startsWith(
            "The directory file cannot be read at line 3: 'nome' is no field of it (branches, ")
        .contains("timezone are)");
  }

  @Test
  void a_value_of_the_wrong_kind_is_said_with_its_field() {
    assertThat(refusal("companies:\n  - id: one\n    name: Salon\n"))
        .isEqualTo(
            "The directory file cannot be read at line 2: the value of id is of the wrong kind;"
                + " correct it there and import the file again.");
    assertThat(refusal("companies: 7\n"))
        .contains("line 1: the value of companies is of the wrong kind");
  }
}

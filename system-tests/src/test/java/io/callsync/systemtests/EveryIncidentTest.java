package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No incident of the predecessor is forgotten: each is the beginning of some test's name. */
class EveryIncidentTest {

  @Test
  void has_a_test_that_is_named_after_it() throws IOException, URISyntaxException {
    Set<String> tested =
        classes().stream()
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .map(method -> IncidentReport.ID.matcher(method.getName()))
            .filter(Matcher::matches)
            .map(name -> name.group(1).replace('_', '-'))
            .collect(Collectors.toSet());
    assertThat(tested).containsAll(IncidentReport.ALL);
  }

  private static List<Class<?>> classes() throws IOException, URISyntaxException {
    Class<?> here = EveryIncidentTest.class;
    try (Stream<Path> files = Files.list(Path.of(here.getResource(".").toURI()))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Test.class"))
          .<Class<?>>map(name -> load(here.getPackageName() + "." + name.replace(".class", "")))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, EveryIncidentTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}

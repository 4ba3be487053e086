package io.callsync.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BoundedTagTest {

  @Test
  void WH_01_the_first_words_are_told_apart_and_all_others_are_one() {
    BoundedTag tag = new BoundedTag();
    Stream<String> words =
        IntStream.range(0, 10_000).mapToObj(i -> "/retell/" + (char) (97 + i % 26) + i % 97);
    assertThat(words.map(tag::of).distinct().count()).isEqualTo(BoundedTag.MOST + 1L);
    assertThat(tag.of("/retell/a0")).isEqualTo("/retell/a0");
    assertThat(tag.of("/something/else")).isEqualTo(BoundedTag.OTHER);
  }

  @Test
  void WH_01_no_number_and_no_endless_text_becomes_a_tag() {
    BoundedTag tag = new BoundedTag();
    assertThat(tag.of("/retell/+491713920001")).isEqualTo("/retell/_#");
    assertThat(tag.of("x".repeat(70_000))).hasSize(80);
    assertThat(tag.of("\u0000? \n")).isEqualTo("____");
  }
}

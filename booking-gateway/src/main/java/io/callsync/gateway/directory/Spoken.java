package io.callsync.gateway.directory;

import java.text.Normalizer;
import java.util.Locale;

/** How names are compared that people say: case, umlauts and accents folded. */
final class Spoken {

  private Spoken() {}

  static String fold(String text) {
    String umlauts =
        text.strip()
            .toLowerCase(Locale.GERMAN)
            .replace("ä", "ae")
            .replace("ö", "oe")
            .replace("ü", "ue")
            .replace("ß", "ss");
    return Normalizer.normalize(umlauts, Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "")
        .replaceAll("[^a-z0-9]+", " ")
        .strip();
  }
}

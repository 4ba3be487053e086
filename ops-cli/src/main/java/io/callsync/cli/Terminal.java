package io.callsync.cli;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where output goes, and what that place can show. */
record Terminal(PrintStream out, boolean unicode, boolean colour) {

  /** The process's own output: glyphs where it takes UTF-8, colour only for eyes. */
  static Terminal ofProcess(Map<String, String> environment) {
    Charset charset = System.out.charset();
    boolean eyes = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    boolean wanted =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Terminal(System.out, charset.equals(StandardCharsets.UTF_8), eyes && wanted);
  }

  /** Whether somebody looks: then a line may be written over. */
  boolean isSeen() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  String good(String text) {
    return coloured("32", (unicode ? "✓ " : "ok: ") + text);
  }

  String bad(String text) {
    return coloured("31", (unicode ? "✗ " : "BROKEN: ") + text);
  }

  String notice(String text) {
    return coloured("33", (unicode ? "! " : "note: ") + text);
  }

  String heading(String text) {
    return coloured("1", text);
  }

  String dash() {
    return unicode ? "–" : "-";
  }

  /** Whether somebody at the terminal says yes; where nobody sits there, nobody does. */
  boolean agrees(String question) {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readLine("%s [y/N] ", question))
        .filter(answer -> answer.strip().toLowerCase(Locale.ROOT).startsWith("y"))
        .isPresent();
  }

  private String coloured(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}

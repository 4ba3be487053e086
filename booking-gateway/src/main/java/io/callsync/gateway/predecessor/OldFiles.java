package io.callsync.gateway.predecessor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the tables' files from one stream: {@code TABLE.csv} with a header line as Laravel exports
 * it, {@code TABLE.tsv} or {@code .txt} as mysqldump --tab writes it with its {@code TABLE.sql},
 * {@code TABLE.jsonl} and {@code TABLE.json}. Nothing is kept but the columns that are imported.
 */
final class OldFiles {

  /** The files cannot be taken; the message names the file and the next step. */
  static final class FilesRefused extends Exception {
    private static final long serialVersionUID = 1L;

    FilesRefused(String sentence) {
      super(sentence);
    }
  }

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Pattern NAME =
      Pattern.compile("([a-z_]+)\\.(csv|tsv|txt|jsonl|ndjson|json|sql)");

  private static final Pattern COLUMN =
      Pattern.compile("^\\s*`([A-Za-z0-9_]+)`\\s", Pattern.MULTILINE);

  /** One file of the archive: who reads it to its end does not end the archive. */
  private static final class Content extends DigestInputStream {
    Content(InputStream archive, MessageDigest hash) {
      super(archive, hash);
    }

    @Override
    public void close() {
      // The archive is closed by whoever opened it.
    }
  }

  private final Consumer<OldRow> rows;
  private final Consumer<Finding> findings;
  private final Map<OldTable, List<String>> columns = new EnumMap<>(OldTable.class);
  private final Map<OldTable, String> read = new EnumMap<>(OldTable.class);

  private OldFiles(Consumer<OldRow> rows, Consumer<Finding> findings) {
    this.rows = rows;
    this.findings = findings;
  }

  /**
   * Reads a zip archive of files, a table's definition before its rows.
   *
   * @return the hash of all that was read, by which the same files are known again
   */
  static String read(InputStream zip, Consumer<OldRow> rows, Consumer<Finding> findings)
      throws IOException, FilesRefused {
    var files = new OldFiles(rows, findings);
    MessageDigest hash = sha256();
    try (var archive = new ZipInputStream(zip)) {
      for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
        hash.update(entry.getName().getBytes(UTF_8));
        var content = new Content(archive, hash);
        files.read(entry.getName(), content);
        content.transferTo(java.io.OutputStream.nullOutputStream());
      }
    }
    if (files.read.isEmpty()) {
      throw new FilesRefused(
          "There is no table among the files: name them calls.csv, appointments.jsonl and so on.");
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private void read(String name, InputStream content) throws IOException, FilesRefused {
    Matcher file = NAME.matcher(name);
    Optional<OldTable> called = file.matches() ? OldTable.called(file.group(1)) : Optional.empty();
    if (called.isEmpty()) {
      return;
    }
    OldTable table = called.get();
    Reader in = new BufferedReader(new InputStreamReader(content, UTF_8));
    if (file.group(2).equals("sql")) {
      columns.put(
          table, COLUMN.matcher(in.readAllAsString()).results().map(r -> r.group(1)).toList());
      return;
    }
    String other = read.putIfAbsent(table, name);
    if (other != null) {
      throw new FilesRefused("%s and %s hold the same table: leave one.".formatted(other, name));
    }
    switch (file.group(2)) {
      case "csv" -> delimited(table, name, in, ',');
      case "tsv", "txt" -> delimited(table, name, in, '\t');
      case "json" -> json(table, name, in);
      default -> jsonLines(table, in);
    }
  }

  private void delimited(OldTable table, String name, Reader in, char delimiter)
      throws IOException, FilesRefused {
    // A file with a header was not written by MySQL, and a file with tabs was.
    List<String> header = columns.getOrDefault(table, List.of());
    var text =
        new DelimitedText(
            in,
            delimiter,
            delimiter == '\t' || !header.isEmpty()
                ? DelimitedText.Style.MYSQL
                : DelimitedText.Style.QUOTED);
    List<@Nullable String> record = text.next();
    long place = 1;
    if (record != null && isHeader(record)) {
      header = record.stream().map(String::valueOf).toList();
      record = text.next();
      place++;
    }
    if (header.isEmpty()) {
      throw new FilesRefused(
          "%s has no line that names its columns: export it with one, or put %s.sql with its CREATE TABLE beside it."
              .formatted(name, table.word()));
    }
    for (; record != null; record = text.next()) {
      if (record.size() == header.size()) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
          put(fields, table, header.get(i), record.get(i));
        }
        rows.accept(new OldRow(table, place, fields));
      } else {
        unreadable(table, place);
      }
      place++;
    }
  }

  private static boolean isHeader(List<@Nullable String> record) {
    return record.contains("id")
        && record.stream().allMatch(name -> name != null && name.matches("[A-Za-z_][A-Za-z0-9_]*"));
  }

  private void jsonLines(OldTable table, Reader in) throws IOException {
    var lines = new BufferedReader(in);
    long place = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      place++;
      if (!line.isBlank()) {
        object(table, place, line);
      }
    }
  }

  private void object(OldTable table, long place, String line) {
    try {
      if (JSON.readTree(line) instanceof ObjectNode object) {
        rows.accept(row(table, place, object));
        return;
      }
    } catch (JacksonException | StackOverflowError notJson) {
      // Said below, as of any other line that is no row.
    }
    unreadable(table, place);
  }

  private void json(OldTable table, String name, Reader in) throws FilesRefused {
    List<OldRow> whole = new ArrayList<>();
    try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(in)) {
      long place = 0;
      while (values.hasNextValue()) {
        place++;
        if (values.nextValue() instanceof ObjectNode object) {
          whole.add(row(table, place, object));
        } else {
          unreadable(table, place);
        }
      }
    } catch (JacksonException e) {
      throw new FilesRefused(
          "%s is no JSON array of objects: export it again, or one object a line as %s.jsonl."
              .formatted(name, table.word()));
    }
    whole.forEach(rows);
  }

  private static OldRow row(OldTable table, long place, ObjectNode object) {
    Map<String, String> fields = new HashMap<>();
    object.properties().forEach(p -> put(fields, table, p.getKey(), text(p.getValue())));
    return new OldRow(table, place, fields);
  }

  private static @Nullable String text(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    return value.isContainer() ? value.toString() : value.asString();
  }

  private static void put(
      Map<String, String> fields, OldTable table, String column, @Nullable String value) {
    if (value != null && table.reads(column)) {
      fields.put(column, value);
    }
  }

  private void unreadable(OldTable table, long place) {
    findings.accept(new Finding(table, "at " + place, Trouble.ROW_UNREADABLE));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}

package io.callsync.localstack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** A PostgreSQL server from the binaries that the build provided. */
final class PostgresServer {

  static final String USER = "callsync";

  /** The user that owns nothing, by number: its name differs between systems. */
  private static final int NOBODY = 65_534;

  private final StackSettings settings;
  private final Path data;

  PostgresServer(StackSettings settings) {
    this.settings = settings;
    this.data = settings.data(Part.POSTGRES);
  }

  /** Unpacks the binaries and makes the cluster where that has not been done yet. */
  Launch prepare() {
    try {
      Path bin = unpacked().resolve("bin");
      Files.createDirectories(data);
      List<String> asUnprivileged = asUnprivileged(bin.resolve("postgres"));
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialize(bin, asUnprivileged);
      }
      Path pidFile = data.resolve("postmaster.pid");
      if (Files.exists(pidFile)) {
        removeWhereStale(pidFile);
      }
      List<String> command = new ArrayList<>(asUnprivileged);
      command.addAll(List.of(bin.resolve("postgres").toString(), "-D", data.toString()));
      serverSettings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
      return new Launch(command, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare postgres in " + data, e);
    }
  }

  private Map<String, String> serverSettings() {
    Map<String, String> all = new java.util.LinkedHashMap<>();
    all.put("listen_addresses", "127.0.0.1");
    all.put("port", String.valueOf(settings.ports().of(Part.POSTGRES)));
    all.put("unix_socket_directories", "");
    all.put("fsync", "on");
    all.put("synchronous_commit", "on");
    all.put("wal_level", "logical");
    all.put("track_commit_timestamp", "on");
    all.put("max_replication_slots", "10");
    all.put("max_wal_senders", "10");
    all.put("shared_buffers", "64MB");
    all.put("timezone", "UTC");
    all.put("log_timezone", "UTC");
    return all;
  }

  /**
   * A pid that belongs to another process by now would keep the server from starting; its own check
   * looks only whether that pid lives.
   */
  private static void removeWhereStale(Path pidFile) throws IOException {
    List<String> lines = Files.readAllLines(pidFile);
    boolean alive =
        !lines.isEmpty()
            && ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .flatMap(h -> h.info().command())
                .filter(c -> c.endsWith("postgres"))
                .isPresent();
    if (!alive) {
      Files.delete(pidFile);
    }
  }

  private void initialize(Path bin, List<String> asUnprivileged) throws IOException {
    Path passwordFile = settings.home().resolve("run").resolve("initdb-password");
    Files.createDirectories(passwordFile.getParent());
    Files.deleteIfExists(passwordFile);
    Files.createFile(
        passwordFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile, settings.secrets().databasePassword());
    if (!asUnprivileged.isEmpty() && asUnprivileged.getFirst().equals("setpriv")) {
      Files.setAttribute(passwordFile, "unix:uid", NOBODY);
    }
    List<String> command = new ArrayList<>(asUnprivileged);
    command.addAll(
        List.of(
            bin.resolve("initdb").toString(),
            "--pgdata=" + data,
            "--username=" + USER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions"));
    try {
      Commands.require("initdb", command);
    } finally {
      Files.delete(passwordFile);
    }
  }

  /**
   * PostgreSQL refuses to run as root, so root hands over to another user, or to a user namespace
   * of its own where that user could not reach the files.
   */
  private List<String> asUnprivileged(Path postgres) throws IOException {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    List<String> setpriv =
        List.of(
            "setpriv",
            "--reuid=" + NOBODY,
            "--regid=" + NOBODY,
            "--clear-groups",
            "--no-new-privs");
    if (succeeds(setpriv, List.of(postgres.toString(), "--version"))) {
      Files.setAttribute(data, "unix:uid", NOBODY);
      Files.setAttribute(data, "unix:gid", NOBODY);
      if (succeeds(setpriv, List.of("test", "-w", data.toString()))) {
        return setpriv;
      }
      Files.setAttribute(data, "unix:uid", 0);
      Files.setAttribute(data, "unix:gid", 0);
    }
    List<String> unshare = List.of("unshare", "--user");
    if (succeeds(unshare, List.of(postgres.toString(), "--version"))) {
      return unshare;
    }
    throw new StackException(
        "PostgreSQL does not run as root, and no other user can reach %s and %s: run as a user, or put both where others may enter"
            .formatted(postgres, data));
  }

  private static boolean succeeds(List<String> prefix, List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    try {
      return Commands.run(all).succeeded();
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private Path unpacked() throws IOException {
    Path provided = settings.provisions().resolve("postgres");
    Path archive = null;
    if (Files.isDirectory(provided)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(provided, "*.txz")) {
        for (Path p : found) {
          archive = p;
        }
      }
    }
    if (archive == null) {
      throw new StackException(
          "the Postgres binaries are missing in " + provided + ": run ./mvnw -DskipTests package");
    }
    Path found = archive;
    return ServiceJar.once(
        settings.provisions(),
        "postgres-" + Files.getLastModifiedTime(archive).toMillis(),
        folder -> unpack(found, folder));
  }

  private static void unpack(Path archive, Path target) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("an entry leads out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          Set<PosixFilePermission> mode =
              EnumSet.copyOf(PosixFilePermissions.fromString("rw-r--r--"));
          if ((entry.getMode() & 0100) != 0) {
            mode.addAll(PosixFilePermissions.fromString("--x--x--x"));
          }
          Files.setPosixFilePermissions(path, mode);
        }
      }
    }
  }

  /** Creates the databases and the reading role where they are missing. */
  void provision() throws SQLException {
    try (Connection connection = connect("postgres")) {
      Databases.provision(connection, settings.secrets().readerPassword());
    }
  }

  boolean accepts() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", settings.secrets().databasePassword());
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(new Addresses(settings).jdbc(database), properties);
  }
}

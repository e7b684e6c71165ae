package dev.dbosc;

import dev.dbosc.types.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The two databases, each with one fresh system database for the whole run. */
enum Backend {
  SQLITE,
  POSTGRES;

  private String url;

  /** The system database's URL; made when first asked for, gone with the run. */
  synchronized String url() {
    if (url == null) {
      url = this == SQLITE ? newSqlite() : newPostgres();
      try (Client client =
          Client.open(Config.builder().systemDatabaseUrl(url).lazy(true).build())) {
        client.createSystemDatabase();
      }
    }
    return url;
  }

  Client open() {
    return Client.open(url());
  }

  /** Its tables, as SQL names them. */
  String table(String name) {
    return this == SQLITE ? name : "dbos." + name;
  }

  private static String newSqlite() {
    try {
      Path folder = Files.createTempDirectory("dbosc-test");
      atEnd(() -> remove(folder));
      return "sqlite:///" + folder.resolve("system.sqlite");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static String newPostgres() {
    URI server = URI.create(environment("DBOSC_TEST_POSTGRES_URL"));
    String name = "dbosc_java_" + UUID.randomUUID().toString().replace("-", "");
    atEnd(() -> drop(server, name));
    return server.resolve("/" + name).toString();
  }

  private static void drop(URI server, String name) {
    try (Connection connection = connect(server);
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    } catch (SQLException error) {
      throw new IllegalStateException(error);
    }
  }

  private static void atEnd(Runnable task) {
    Runtime.getRuntime().addShutdownHook(new Thread(task));
  }

  /** JDBC on the system database; it takes user and password apart from the URL. */
  static Connection connect(URI server) throws SQLException {
    List<String> user = List.of(server.getUserInfo().split(":", 2));
    String url =
        "jdbc:postgresql://" + server.getHost() + ":" + server.getPort() + server.getPath();
    return DriverManager.getConnection(url, user.get(0), user.get(1));
  }

  /** A variable that scripts/test sets. */
  static String environment(String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException(
          name + " is not set; run these tests with: scripts/test java");
    }
    return value;
  }
}

package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dbosc.examples.Greet;
import dev.dbosc.examples.Orders;
import dev.dbosc.types.ListWorkflowsRequest;
import dev.dbosc.types.PrepareEnqueueRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs of the pages run, and the pages show them as they are. */
class ExampleTest {
  @ParameterizedTest
  @EnumSource
  void aGreetingComesFromARealWorker(Backend backend) throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Worker worker = Worker.ofQuickstart(backend);
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Greet.main(new String[] {backend.url()});
    } finally {
      System.setOut(console);
      worker.close();
    }
    assertEquals(
        "Hello, Ada! This is a Python worker.\n", printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anOrderAndItsWorkflowAreThereBothOrNeither() throws SQLException {
    // On Postgres alone: SQLite's driver for Java has a SQLite of its own.
    try (Client client = Backend.POSTGRES.open();
        Connection connection = Backend.connect(URI.create(Backend.POSTGRES.url()))) {
      connection.setAutoCommit(false);
      try (java.sql.Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE orders (item TEXT CHECK (item <> ''))");
      }
      connection.commit();
      String id = Orders.place(client, connection, "tea \uD83C\uDF75");
      assertEquals(
          "[\"tea \uD83C\uDF75\"]",
          client.getWorkflow(id).workflow().input().members().get("args").text());
      assertThrows(SQLException.class, () -> Orders.place(client, connection, ""));
      connection.rollback();
      ListWorkflowsRequest orders = ListWorkflowsRequest.builder().name("handle_order").build();
      assertEquals(1, client.workflows(orders).count());
    }
  }

  @Test
  void aRolledBackEnqueueIsNotThere() throws SQLException {
    try (Client client = Backend.POSTGRES.open();
        Connection connection = Backend.connect(URI.create(Backend.POSTGRES.url()))) {
      connection.setAutoCommit(false);
      var prepared =
          client.prepareEnqueue(
              PrepareEnqueueRequest.builder("work", "q")
                  .paramsStyle(PrepareEnqueueRequest.PARAMS_STYLE_QUESTION)
                  .build());
      assertTrue(JdbcStatements.run(connection, prepared.statements()) >= 1);
      connection.rollback();
      assertNull(client.getWorkflow(prepared.workflowId()).workflow());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "README.md, Greet, readme",
    "../../README.md, Greet, readme",
    "README.md, Orders, transaction"
  })
  void thePageShowsTheProgramAsItIs(String page, String program, String mark) throws IOException {
    String source = Files.readString(Path.of("examples/dev/dbosc/examples/" + program + ".java"));
    Matcher region =
        Pattern.compile("// \\[" + mark + "]\n(.*?) *// \\[/" + mark + "]", Pattern.DOTALL)
            .matcher(source);
    assertTrue(region.find());
    String block = "```java\n" + region.group(1).stripTrailing().stripIndent() + "\n```";
    assertTrue(Files.readString(Path.of(page)).contains(block), block);
  }
}

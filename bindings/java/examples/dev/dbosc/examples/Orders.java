package dev.dbosc.examples;

import dev.dbosc.Client;
import dev.dbosc.JdbcStatements;
import dev.dbosc.types.PrepareEnqueueReply;
import dev.dbosc.types.PrepareEnqueueRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** An order and the workflow that handles it, both or neither: in one transaction of JDBC. */
public final class Orders {
  private Orders() {}

  /**
   * Places an order.
   *
   * @param client on the system database
   * @param connection to the same database, with auto-commit off
   * @param item what is ordered
   * @return the id of the workflow that will handle it
   * @throws SQLException what the driver says; the caller rolls back
   */
  public static String place(Client client, Connection connection, String item)
      throws SQLException {
    // [transaction]
    PrepareEnqueueReply handling =
        client.prepareEnqueue(
            PrepareEnqueueRequest.builder("handle_order", "orders")
                .args(item)
                .paramsStyle(PrepareEnqueueRequest.PARAMS_STYLE_QUESTION)
                .build());
    try (PreparedStatement order =
        connection.prepareStatement("INSERT INTO orders (item) VALUES (?)")) {
      order.setString(1, item);
      order.executeUpdate();
    }
    JdbcStatements.run(connection, handling.statements());
    connection.commit();
    // [/transaction]
    return handling.workflowId();
  }
}

package dev.dbosc;

import dev.dbosc.types.Json;
import dev.dbosc.types.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/**
 * Prepared statements of the library in a transaction of JDBC: what {@code prepareEnqueue} and
 * {@code prepareSend} give for the style {@code question}, run beside your own rows.
 */
public final class JdbcStatements {
  private JdbcStatements() {}

  /**
   * Runs them in their order. Neither begins nor commits: that is yours.
   *
   * @param connection to the same database, with auto-commit off
   * @param statements of a reply
   * @return how many rows they wrote
   * @throws SQLException what the driver says, such as that an id is taken
   */
  public static int run(Connection connection, List<Statement> statements) throws SQLException {
    int written = 0;
    for (Statement statement : statements) written += run(connection, statement);
    return written;
  }

  private static int run(Connection connection, Statement statement) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
      int number = 0;
      for (Json param : statement.params().items()) {
        number++;
        if (param.isNull()) prepared.setNull(number, Types.VARCHAR);
        else prepared.setString(number, param.as(String.class));
      }
      boolean rows = prepared.execute();
      return rows ? 0 : Math.max(prepared.getUpdateCount(), 0);
    }
  }
}

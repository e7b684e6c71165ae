import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.Properties;
import org.sqlite.SQLiteException;

// SQL in transactions of JDBC; ../README.md says what it does. Run by: java -cp "LIBRARIES/*" Driver.java.
public class Driver {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();
  private static final String SQLITE = "sqlite:///";

  private Connection connection;

  private static Connection open(String url) throws SQLException {
    if (url.startsWith(SQLITE)) return openSqlite(url.substring(SQLITE.length()));
    // JDBC takes user and password apart from the URL.
    var parts = URI.create(url);
    var user = parts.getUserInfo().split(":", 2);
    var jdbc = "jdbc:postgresql://" + parts.getHost() + ":" + parts.getPort() + parts.getPath();
    return DriverManager.getConnection(jdbc, user[0], user.length > 1 ? user[1] : "");
  }

  private static Connection openSqlite(String path) throws SQLException {
    var options = new Properties();
    options.setProperty("foreign_keys", "true");
    options.setProperty("busy_timeout", "30000");
    return DriverManager.getConnection("jdbc:sqlite:" + path, options);
  }

  private int run(JsonObject command) throws SQLException {
    try (var statement = connection.prepareStatement(command.get("sql").getAsString())) {
      var number = 0;
      for (var param : command.getAsJsonArray("params")) {
        number++;
        if (param.isJsonNull()) statement.setNull(number, Types.VARCHAR);
        else statement.setString(number, param.getAsString());
      }
      return statement.executeUpdate();
    }
  }

  private Object execute(JsonObject command) throws SQLException {
    switch (command.get("do").getAsString()) {
      case "open" -> connection = open(command.get("url").getAsString());
      case "begin" -> connection.setAutoCommit(false);
      case "run" -> {
        return run(command);
      }
      case "commit" -> connection.commit();
      case "rollback" -> connection.rollback();
      case "close" -> connection.close();
      default -> throw new IllegalArgumentException("unknown command " + command);
    }
    return null;
  }

  private static String code(Exception error) {
    if (error instanceof SQLiteException sqlite) return sqlite.getResultCode().name();
    return error instanceof SQLException refused ? refused.getSQLState() : null;
  }

  private HashMap<String, Object> answer(String line) {
    var answer = new HashMap<String, Object>();
    try {
      answer.put("ok", execute(JsonParser.parseString(line).getAsJsonObject()));
    } catch (SQLException | RuntimeException error) {
      answer.put("error", error.toString());
      answer.put("code", code(error));
    }
    return answer;
  }

  public static void main(String[] arguments) throws Exception {
    var driver = new Driver();
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    answers.println("READY");
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      answers.println(GSON.toJson(driver.answer(line)));
    }
  }
}

import dev.dbos.transact.migrations.MigrationManager;
import java.net.URI;

// Runs the Java SDK's migrations: java -cp "LIBRARIES/*" Migrate.java URL SCHEMA.
public class Migrate {
  public static void main(String[] arguments) {
    if (arguments.length != 2) throw new IllegalArgumentException("usage: URL SCHEMA");
    // JDBC takes user and password apart from the URL.
    var url = URI.create(arguments[0]);
    var user = url.getUserInfo().split(":", 2);
    var jdbc = "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath();
    MigrationManager.runMigrations(jdbc, user[0], user.length > 1 ? user[1] : "", arguments[1], true);
  }
}

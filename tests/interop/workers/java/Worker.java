import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.QueueConflictResolution;
import dev.dbos.transact.workflow.QueueOptions;
import java.net.URI;
import java.time.Duration;

/** Worker of the Java SDK; ../README.md says what it does. */
public final class Worker {
  private static final Duration POLL = Duration.ofMillis(100);

  private Worker() {}

  private static void work(String url, String application, String version) throws Exception {
    // JDBC takes user and password apart from the URL.
    var parts = URI.create(url);
    var user = parts.getUserInfo().split(":", 2);
    var config =
        DBOSConfig.defaults(application)
            .withDatabaseUrl(
                "jdbc:postgresql://" + parts.getHost() + ":" + parts.getPort() + parts.getPath())
            .withDbUser(user[0])
            .withDbPassword(user.length > 1 ? user[1] : "")
            .withAppVersion(version)
            .withMigrate(false);
    var dbos = new DBOS(config);
    var workflows = new Workflows.Implementation(dbos);
    workflows.proxy = dbos.registerProxy(Workflows.class, workflows);
    dbos.launch();
    dbos.registerQueue(
        "q", QueueOptions.setPollingInterval(POLL), QueueConflictResolution.ALWAYS_UPDATE);
    System.out.println("READY");
    while (System.in.read() >= 0) {}
    // At once, whatever waits for a message: a workflow's state is in the database.
    Runtime.getRuntime().halt(0);
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4 || !arguments[0].equals("work")) {
      throw new IllegalArgumentException("usage: work URL APPLICATION VERSION");
    }
    work(arguments[1], arguments[2], arguments[3]);
  }
}

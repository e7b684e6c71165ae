package dev.dbosc.examples;

import dev.dbosc.Client;
import dev.dbosc.DboscException;
import dev.dbosc.WorkflowHandle;
import dev.dbosc.types.EnqueueRequest;
import java.time.Duration;

/**
 * The program of the README: Greet URL, beside a worker that runs examples/quickstart_worker.py.
 */
public final class Greet {
  private Greet() {}

  /**
   * Runs it.
   *
   * @param arguments the system database's URL
   */
  public static void main(String[] arguments) {
    String url = arguments[0];
    // [readme]
    try (Client client = Client.open(url)) {
      WorkflowHandle<String> greeting =
          client.enqueueWorkflow(
              EnqueueRequest.builder("greet", "greetings").args("Ada").build(), String.class);
      System.out.println(greeting.getResult(Duration.ofSeconds(60)));
    } catch (DboscException.WorkflowFailed failed) {
      System.err.println(failed.errorName() + ": " + failed.errorMessage());
    }
    // [/readme]
  }
}

import dev.dbosc.Client;
import dev.dbosc.DboscException;
import dev.dbosc.Transaction;
import dev.dbosc.types.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Runs the steps of the story and prints how each ended, a line of JSON each: STEPS URL. */
final class Story {
  private final String url;
  private final Map<String, List<CompletableFuture<Json>>> submitted = new HashMap<>();
  private Client client;
  private Transaction transaction;

  private Story(String url) {
    this.url = url;
    this.client = Client.open(url);
  }

  /** One step as it is told. */
  private record Step(Map<String, Json> parts) {
    String text(String key) {
      return parts.get(key).as(String.class);
    }

    Json json(String key) {
      return Json.parse(text(key));
    }

    int number(String key) {
      return parts.get(key).as(Integer.class);
    }

    boolean has(String key) {
      return parts.containsKey(key);
    }
  }

  /** A reply as it came, or an error as it came. */
  private static String account(Callable<Json> call) throws Exception {
    try {
      return "{\"reply\":" + call.call() + "}";
    } catch (DboscException error) {
      return "{\"error\":" + error.details() + "}";
    }
  }

  /** The same of a future; of one that was cancelled Java tells no more than that. */
  private static String account(CompletableFuture<Json> future) throws Exception {
    try {
      return account((Callable<Json>) future::join);
    } catch (CancellationException cancelled) {
      return "{\"error\":{\"status\":\"CANCELLED\"}}";
    } catch (CompletionException failed) {
      if (!(failed.getCause() instanceof DboscException error)) throw failed;
      return "{\"error\":" + error.details() + "}";
    }
  }

  private String call(Step step) throws Exception {
    Callable<String> call =
        () -> account(() -> client.call(step.text("operation"), step.json("request")));
    return step.has("cancelled_after_ms")
        ? interrupted(call, step.number("cancelled_after_ms"))
        : call.call();
  }

  /** A call whose thread is interrupted after that time. */
  private static String interrupted(Callable<String> call, int ms) throws Exception {
    FutureTask<String> task = new FutureTask<>(call);
    Thread caller = new Thread(task);
    caller.start();
    caller.join(ms);
    caller.interrupt();
    return task.get();
  }

  private void submit(Step step) {
    submitted.put(
        step.text("tag"),
        Stream.generate(() -> client.callAsync(step.text("operation"), step.json("request")))
            .limit(step.number("times"))
            .toList());
  }

  private String await(String tag) throws Exception {
    StringBuilder outcomes = new StringBuilder();
    for (CompletableFuture<Json> future : submitted.get(tag)) {
      if (!outcomes.isEmpty()) outcomes.append(',');
      outcomes.append(account(future));
    }
    return outcomes.toString();
  }

  private Json execute(String sql, Json params) {
    Transaction.Rows found = transaction.execute(sql, params.items().toArray());
    return Json.of(
        Map.of("columns", found.columns(), "rows", found.rows(), "row_count", found.rowCount()));
  }

  private void end(boolean commit) {
    try (Transaction ending = transaction) {
      if (commit) ending.commit();
      else ending.rollback();
    }
  }

  /** How it ended: an outcome, or several with commas between. */
  private String tell(Step step) throws Exception {
    switch (step.text("do")) {
      case "call":
        return call(step);
      case "await":
        return await(step.text("tag"));
      case "in_transaction":
        return account(() -> transaction.call(step.text("operation"), step.json("request")));
      case "execute":
        return account(() -> execute(step.text("sql"), step.json("params")));
      case "fork":
        return "{\"skipped\":\"a JVM never forks\"}";
      default:
        act(step);
        return "{}";
    }
  }

  private void act(Step step) {
    switch (step.text("do")) {
      case "submit" -> submit(step);
      case "cancel" -> submitted.get(step.text("tag")).forEach(future -> future.cancel(true));
      case "begin" -> transaction = client.begin();
      case "commit" -> end(true);
      case "rollback" -> end(false);
      case "close" -> client.close();
      case "open" -> client = Client.open(url);
      default -> throw new IllegalArgumentException("no such step: " + step.text("do"));
    }
  }

  public static void main(String[] arguments) throws Exception {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Story story = new Story(arguments[1]);
    for (Json step : Json.parse(Files.readString(Path.of(arguments[0]))).items()) {
      out.print("[" + story.tell(new Step(step.members())) + "]\n");
    }
  }
}

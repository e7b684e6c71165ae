import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.json.PortableWorkflowException;
import dev.dbos.transact.workflow.Workflow;
import dev.dbos.transact.workflow.WorkflowClassName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the worker runs; ../README.md says what each does. The SDK proxies interfaces only. */
public interface Workflows {
  Object echo(Object value);

  long add(long a, long b);

  Object fail(String message);

  Object failPortable(String name, String message, Object code, Object data);

  Object failCustom(Map<String, Object> failure);

  Object receive(String topic);

  Object setEvent(Object value);

  Object writeStream(Object value);

  Object step(Object value);

  long sleep(long milliseconds);

  Map<String, Object> scheduled(Instant at, Object context);

  Object publish(Map<String, Object> what);

  Object publishError(String message) throws CustomError;

  /** An application's own exception; of its fields only the message is stored in the open. */
  class CustomError extends Exception {
    public final int code;

    public CustomError(String message, int code) {
      super(message);
      this.code = code;
    }
  }

  @WorkflowClassName("Interop")
  class Implementation implements Workflows {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final DBOS dbos;
    // The proxy, through which a workflow starts another.
    Workflows proxy;

    Implementation(DBOS dbos) {
      this.dbos = dbos;
    }

    @Override
    @Workflow(name = "echo")
    public Object echo(Object value) {
      return value;
    }

    @Override
    @Workflow(name = "add")
    public long add(long a, long b) {
      return a + b;
    }

    @Override
    @Workflow(name = "fail")
    public Object fail(String message) {
      throw new IllegalArgumentException(message);
    }

    @Override
    @Workflow(name = "fail_portable")
    public Object failPortable(String name, String message, Object code, Object data) {
      throw new PortableWorkflowException(message, name, code, data);
    }

    @Override
    @Workflow(name = "fail_custom")
    public Object failCustom(Map<String, Object> failure) {
      // The SDK's own exception is the one that carries code and data.
      return failPortable(
          (String) failure.get("name"),
          (String) failure.get("message"),
          failure.get("code"),
          failure.get("data"));
    }

    @Override
    @Workflow(name = "receive")
    public Object receive(String topic) {
      return dbos.recv(topic, LONG).orElse(null);
    }

    @Override
    @Workflow(name = "set_event")
    public Object setEvent(Object value) {
      dbos.setEvent("value", value);
      return null;
    }

    @Override
    @Workflow(name = "write_stream")
    public Object writeStream(Object value) {
      dbos.writeStream("log", value);
      dbos.closeStream("log");
      return null;
    }

    @Override
    @Workflow(name = "step")
    public Object step(Object value) {
      return dbos.runStep(() -> value, "step");
    }

    @Override
    @Workflow(name = "sleep")
    public long sleep(long milliseconds) {
      dbos.sleep(Duration.ofMillis(milliseconds));
      return milliseconds;
    }

    @Override
    @Workflow(name = "scheduled")
    public Map<String, Object> scheduled(Instant at, Object context) {
      // Not Map.of: the context may be null.
      var seen = new java.util.LinkedHashMap<String, Object>();
      seen.put("type", at.getClass().getSimpleName());
      seen.put("at", at.toString());
      seen.put("context", context);
      return seen;
    }

    @Override
    @Workflow(name = "publish")
    @SuppressWarnings("unchecked")
    public Object publish(Map<String, Object> what) {
      Object value = Own.value((String) what.get("name"));
      for (String place : (List<String>) what.get("places")) {
        switch (place) {
          case "event" -> dbos.setEvent("value", value);
          case "stream" -> {
            dbos.writeStream("log", value);
            dbos.closeStream("log");
          }
          case "step" -> dbos.runStep(() -> value, "step");
          case "message" -> dbos.send(DBOS.workflowId(), value, null);
          case "input" -> dbos.startWorkflow(
              () -> proxy.echo(value), new StartWorkflowOptions(DBOS.workflowId() + "-input"));
          default -> {}
        }
      }
      return value;
    }

    @Override
    @Workflow(name = "publish_error")
    public Object publishError(String message) throws CustomError {
      return dbos.runStep(
          () -> {
            throw new CustomError(message, 7);
          },
          "step");
    }
  }
}

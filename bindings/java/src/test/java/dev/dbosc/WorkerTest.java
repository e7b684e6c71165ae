package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.dbosc.types.Config;
import dev.dbosc.types.EnqueueRequest;
import dev.dbosc.types.GetEventRequest;
import dev.dbosc.types.Json;
import dev.dbosc.types.SendRequest;
import dev.dbosc.types.WaitFirstRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real workers run what is enqueued, on both databases. */
class WorkerTest {
  private static final Map<Backend, Worker> WORKERS = new EnumMap<>(Backend.class);
  private static final Map<Backend, Client> CLIENTS = new EnumMap<>(Backend.class);

  @BeforeAll
  static void start() throws IOException {
    for (Backend backend : Backend.values()) {
      WORKERS.put(backend, Worker.ofTests(backend));
      CLIENTS.put(
          backend,
          Client.open(
              Config.builder()
                  .systemDatabaseUrl(backend.url())
                  .applicationName(Worker.APPLICATION)
                  .build()));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    for (Client client : CLIENTS.values()) client.close();
    for (Worker worker : WORKERS.values()) worker.close();
  }

  private static EnqueueRequest work(String name, Object... args) {
    return EnqueueRequest.builder(name, "q").args(args).build();
  }

  record Point(int x, List<String> names) {}

  @ParameterizedTest
  @EnumSource
  void aResultIsAValueOfTheTypeThatIsAskedFor(Backend backend) {
    Client client = CLIENTS.get(backend);
    Point point = new Point(5, List.of("é", "\uD83D\uDE00", ""));
    var same = client.enqueueWorkflow(work("echo", point), Point.class);
    var sum = client.enqueueWorkflow(work("add", 2, 3), int.class);
    var names =
        client.enqueueWorkflow(work("echo", point.names()), new TypeReference<List<String>>() {});
    var none = client.enqueueWorkflow(work("echo", (Object) null), String.class);
    assertEquals(point, same.getResult(Eventually.BOUND));
    assertEquals(5, sum.getResult(Eventually.BOUND));
    assertEquals(point.names(), names.getResult(Eventually.BOUND));
    assertEquals(null, none.getResult(Eventually.BOUND));
    assertEquals(5, sum.getResultAsync(Eventually.BOUND).join());
    var misread = client.retrieveWorkflow(sum.workflowId(), Point.class);
    assertThrows(DboscException.Serialization.class, () -> misread.getResult(Eventually.BOUND));
  }

  @ParameterizedTest
  @EnumSource
  void bigNumbersKeepTheirDigits(Backend backend) {
    Json big = Json.parse("[12345678901234567890123,9007199254740993]");
    var handle = CLIENTS.get(backend).enqueueWorkflow(work("echo", big), Json.class);
    assertEquals(big, compact(handle.getResult(Eventually.BOUND)));
  }

  private static Json compact(Json value) {
    return Json.parse(value.text().replace(" ", ""));
  }

  @ParameterizedTest
  @EnumSource
  void aFailedWorkflowIsAnErrorWithItsOwnNameAndMessage(Backend backend) {
    var handle =
        CLIENTS.get(backend).enqueueWorkflow(work("fail", "no luck \uD83C\uDF40"), Json.class);
    DboscException.WorkflowFailed failed =
        assertThrows(DboscException.WorkflowFailed.class, () -> handle.getResult(Eventually.BOUND));
    assertEquals("ValueError", failed.errorName());
    assertEquals("no luck \uD83C\uDF40", failed.errorMessage());
    assertFalse(failed.workflowError().isNull());
  }

  @ParameterizedTest
  @EnumSource
  void eventsAndMessagesGoBetweenThem(Backend backend) {
    Client client = CLIENTS.get(backend);
    var counted = client.enqueueWorkflow(work("events", 3), int.class);
    assertEquals(3, counted.getResult(Eventually.BOUND));
    var event =
        client.getEvent(
            GetEventRequest.builder(counted.workflowId(), "progress")
                .timeoutMs(Eventually.BOUND)
                .build());
    assertTrue(event.found());
    assertEquals(3, event.value().as(int.class));
    var receiver = client.enqueueWorkflow(work("receive", "topic"), String.class);
    client.send(SendRequest.builder(receiver.workflowId(), "hello").topic("topic").build());
    assertEquals(
        receiver.workflowId(),
        client
            .waitFirst(
                WaitFirstRequest.builder()
                    .workflowIds(receiver.workflowId())
                    .timeoutMs(Eventually.BOUND)
                    .build())
            .workflowId());
    assertEquals("hello", receiver.getResult(Eventually.BOUND));
  }

  @ParameterizedTest
  @EnumSource
  void aStreamIsReadAsItIsWritten(Backend backend) {
    Client client = CLIENTS.get(backend);
    String id = client.enqueue(work("stream", List.of(1, "two", List.of()), true)).workflowId();
    List<String> wanted = List.of("1", "\"two\"", "[]");
    assertEquals(wanted, client.streamValues(id, "log").map(Json::text).toList());
    Collector all = new Collector(Long.MAX_VALUE);
    client.streamPublisher(id, "log").subscribe(all);
    assertEquals(wanted, all.done.join());
    Collector some = new Collector(2);
    client.streamPublisher(id, "log").subscribe(some);
    Eventually.holds("two values", () -> some.count() == 2);
    some.subscription.request(5);
    assertEquals(wanted, some.done.join());
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledSubscriptionEndsItsReading(Backend backend) {
    try (Client client = backend.open()) {
      String id = CLIENTS.get(backend).enqueue(work("relay")).workflowId();
      Collector collector = new Collector(1);
      client.streamPublisher(id, "log").subscribe(collector);
      Eventually.holds("it reads", () -> client.core().inFlight() == 1);
      collector.subscription.cancel();
      Eventually.holds("it reads no more", () -> client.core().inFlight() == 0);
      assertFalse(collector.done.isDone());
    }
  }

  /** Asks for some values at first; what came, when all did. */
  private static final class Collector implements Flow.Subscriber<Json> {
    final CompletableFuture<List<String>> done = new CompletableFuture<>();
    private final List<String> values = new ArrayList<>();
    private final long first;
    volatile Flow.Subscription subscription;

    Collector(long first) {
      this.first = first;
    }

    synchronized int count() {
      return values.size();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(first);
    }

    @Override
    public synchronized void onNext(Json value) {
      values.add(value.text());
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public synchronized void onComplete() {
      done.complete(List.copyOf(values));
    }
  }
}

package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dbosc.types.Config;
import dev.dbosc.types.EnqueueReply;
import dev.dbosc.types.EnqueueRequest;
import dev.dbosc.types.GetResultReply;
import dev.dbosc.types.GetWorkflowReply;
import dev.dbosc.types.Json;
import dev.dbosc.types.ListWorkflowsRequest;
import dev.dbosc.types.RegisterQueueRequest;
import dev.dbosc.types.UpdateQueueRequest;
import dev.dbosc.types.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientTest {
  private static String fresh() {
    return UUID.randomUUID().toString();
  }

  private static EnqueueRequest.Builder work(String queue) {
    return EnqueueRequest.builder("work", queue);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsEnqueuedIsLookedUpWithItsTypes(Backend backend) {
    try (Client client = backend.open()) {
      Instant deadline = Instant.ofEpochMilli(4_000_000_000_123L);
      EnqueueReply enqueued =
          client.enqueue(
              work(fresh())
                  .args("Ada", 1)
                  .priority(3)
                  .workflowTimeoutMs(Duration.ofSeconds(5))
                  .authenticatedRoles("a", "b")
                  .build());
      assertEquals(EnqueueReply.OUTCOME_CREATED, enqueued.outcome());
      Workflow found = client.getWorkflow(enqueued.workflowId()).workflow();
      assertEquals("work", found.name());
      assertEquals(3, found.priority());
      assertEquals(Duration.ofSeconds(5), found.workflowTimeoutMs());
      assertEquals("[\"Ada\",1]", found.input().members().get("args").text());
      assertTrue(found.createdAtMs().isBefore(deadline));
      assertNull(client.getWorkflow(fresh()).workflow());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsAnExceptionOfItsStatus(Backend backend) {
    try (Client client = backend.open()) {
      String queue = fresh();
      String holder = client.enqueue(work(queue).deduplicationId("d").build()).workflowId();
      DboscException refused =
          assertThrows(
              DboscException.Conflict.class,
              () -> client.enqueue(work(queue).deduplicationId("d").build()));
      assertEquals("queue_deduplicated", refused.kind());
      assertEquals(holder, refused.workflowId());
      assertEquals(Statuses.CONFLICT, refused.status());
      assertFalse(refused.retryable());
      assertFalse(refused.getMessage().isEmpty());
      DboscException wrong =
          assertThrows(
              DboscException.InvalidArgument.class,
              () -> client.enqueue(work(queue).priority(-1).build()));
      assertEquals("invalid_priority", wrong.kind());
      ExecutionException told =
          assertThrows(
              ExecutionException.class,
              () -> client.enqueueAsync(work(queue).deduplicationId("d").build()).get());
      assertInstanceOf(DboscException.Conflict.class, told.getCause());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClearedSettingIsGoneAndAnAbsentOneStays(Backend backend) {
    try (Client client = backend.open()) {
      String name = fresh();
      client.registerQueue(
          RegisterQueueRequest.builder(name)
              .globalConcurrency(5)
              .workerConcurrency(2)
              .pollingIntervalMs(Duration.ofSeconds(2))
              .build());
      var queue =
          client
              .updateQueue(UpdateQueueRequest.builder(name).clearWorkerConcurrency().build())
              .queue();
      assertEquals(5, queue.globalConcurrency());
      assertNull(queue.workerConcurrency());
      assertEquals(Duration.ofSeconds(2), queue.pollingIntervalMs());
    }
  }

  @ParameterizedTest
  @EnumSource
  void pagesAreOneStream(Backend backend) {
    try (Client client = backend.open()) {
      String queue = fresh();
      List<String> ids =
          IntStream.range(0, 7).mapToObj(i -> client.enqueue("work", queue).workflowId()).toList();
      ListWorkflowsRequest request =
          ListWorkflowsRequest.builder().queueName(queue).limit(3).build();
      // Those of one millisecond stand in the order of their ids.
      assertEquals(
          ids.stream().sorted().toList(),
          client.workflows(request).map(Workflow::workflowId).sorted().toList());
      assertEquals(2, client.workflows(request).limit(2).count());
    }
  }

  @ParameterizedTest
  @EnumSource
  void futuresComeToTheSameAsCalls(Backend backend) throws Exception {
    try (Client client = backend.open()) {
      String queue = fresh();
      // A callback may block on the same client.
      CompletableFuture<GetWorkflowReply> chain =
          client
              .enqueueAsync("work", queue)
              .thenApply(reply -> client.getWorkflow(reply.workflowId()));
      assertEquals(queue, chain.get().workflow().queueName());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledWorkflowIsAnExceptionOfItsOwn(Backend backend) {
    try (Client client = backend.open()) {
      WorkflowHandle<String> handle = client.enqueueWorkflow(work(fresh()).build(), String.class);
      CompletableFuture<String> result = handle.getResultAsync();
      assertEquals("ENQUEUED", handle.getStatus().status());
      handle.cancel();
      CompletionException told = assertThrows(CompletionException.class, result::join);
      assertInstanceOf(DboscException.WorkflowCancelled.class, told.getCause());
      assertThrows(DboscException.WorkflowCancelled.class, handle::getResult);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWaitEndsByItsTimeout(Backend backend) {
    try (Client client = backend.open()) {
      WorkflowHandle<Json> handle = client.retrieveWorkflow(fresh(), Json.class);
      assertThrows(DboscException.Timeout.class, () -> handle.getResult(Duration.ofMillis(20)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsAWaitAndIsKept(Backend backend) throws InterruptedException {
    try (Client client = backend.open()) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread waiter =
          new Thread(
              () -> {
                try {
                  client.getResult(fresh());
                  interrupted.complete(false);
                } catch (DboscException.Cancelled cancelled) {
                  interrupted.complete(Thread.currentThread().isInterrupted());
                } catch (Throwable other) {
                  interrupted.completeExceptionally(other);
                }
              });
      waiter.start();
      waiter.interrupt();
      assertTrue(interrupted.join());
      waiter.join();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledFutureEndsItsCall(Backend backend) {
    try (Client client = backend.open()) {
      CompletableFuture<GetResultReply> wait = client.getResultAsync(fresh());
      CompletableFuture<GetResultReply> timed =
          client.getResultAsync(fresh()).orTimeout(1, TimeUnit.MILLISECONDS);
      assertEquals(true, wait.cancel(true));
      assertThrows(CompletionException.class, timed::join);
      Eventually.holds("no call in flight", () -> client.core().inFlight() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsWaitsAndFurtherCallsAreRefused(Backend backend) {
    Client client = backend.open();
    CompletableFuture<GetResultReply> wait = client.getResultAsync(fresh());
    Transaction open = client.begin();
    client.close();
    client.close();
    CompletionException told = assertThrows(CompletionException.class, wait::join);
    assertEquals(
        "closed", assertInstanceOf(DboscException.InvalidState.class, told.getCause()).kind());
    DboscException refused =
        assertThrows(DboscException.InvalidState.class, () -> client.enqueue("work", "q"));
    assertEquals("closed", refused.kind());
    assertTrue(client.enqueueAsync("work", "q").isCompletedExceptionally());
    assertThrows(DboscException.InvalidState.class, client::begin);
    assertThrows(DboscException.InvalidState.class, open::commit);
    assertDoesNotThrow(open::close);
    assertDoesNotThrow(open::close);
  }

  @ParameterizedTest
  @EnumSource
  void aClientMayBeClosedWhileThreadsUseIt(Backend backend) throws InterruptedException {
    Client client = backend.open();
    String queue = fresh();
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Throwable> odd = new CompletableFuture<>();
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          try {
                            while (true) {
                              client.enqueue("work", queue);
                              first.complete(null);
                            }
                          } catch (DboscException end) {
                            // Closed, cancelled or unknown, by where the close found the call.
                          } catch (Throwable other) {
                            odd.complete(other);
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    first.join();
    client.close();
    for (Thread thread : threads) thread.join();
    assertNull(odd.getNow(null));
  }

  @ParameterizedTest
  @EnumSource
  void aForgottenClientIsClosedOnceItIsCollected(Backend backend) {
    Core core = backend.open().core();
    Eventually.holds(
        "a collected client is closed",
        () -> {
          System.gc();
          return core.isClosed();
        });
  }

  @Test
  void settingsThatAreWrongAreToldByOpen() {
    assertThrows(DboscException.InvalidArgument.class, () -> Client.open("no url"));
    assertThrows(
        DboscException.InvalidArgument.class,
        () -> Client.open(Config.builder().systemDatabaseUrl("sqlite:///a\0b").build()));
  }

  @ParameterizedTest
  @EnumSource
  void textThatTheDatabaseCannotHoldIsRefused(Backend backend) {
    try (Client client = backend.open()) {
      assertThrows(
          DboscException.InvalidArgument.class, () -> client.getWorkflow("half \uD83D of a pair"));
      assertThrows(DboscException.class, () -> client.enqueue("nul \0", fresh()));
    }
  }

  @Test
  void theLibraryTellsItsVersion() {
    assertTrue(Client.libraryVersion().matches("\\d+\\.\\d+\\.\\d+.*"), Client.libraryVersion());
  }
}

package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dbosc.types.EnqueueRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many waits at once: they hold no threads. */
class ScaleTest {
  private static final int FUTURES = 10_000;
  private static final int VIRTUAL_THREADS = 1_000;

  /**
   * The JVM's own come and go, for compiling and collecting: a few on few cores, dozens on many.
   */
  private static final int MOST_THREADS = 200;

  /** All threads of this process, the library's among them. */
  private static long threads() {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.count();
    } catch (IOException error) {
      throw new AssertionError(error);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tenThousandFuturesHoldNoThreads(Backend backend) {
    try (Client client = backend.open()) {
      String id = client.enqueue("work", UUID.randomUUID().toString()).workflowId();
      long before = threads();
      List<CompletableFuture<Boolean>> waits =
          IntStream.range(0, FUTURES)
              .mapToObj(i -> client.getResultAsync(id).handle(ScaleTest::cancelled))
              .toList();
      assertEquals(FUTURES, client.core().inFlight());
      long held = threads() - before;
      assertTrue(held <= MOST_THREADS, held + " threads more");
      client.retrieveWorkflow(id, String.class).cancel();
      assertTrue(waits.stream().allMatch(CompletableFuture::join));
    }
  }

  private static boolean cancelled(Object reply, Throwable error) {
    return error instanceof DboscException.WorkflowCancelled;
  }

  /** The executor of JDK 21 and later; null where there is none. */
  private static ExecutorService virtualThreads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException none) {
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThousandVirtualThreadsWaitWithoutHoldingTheirCarriers(Backend backend) throws Exception {
    ExecutorService executor = virtualThreads();
    assumeTrue(executor != null, "virtual threads came with JDK 21");
    try (Client client = backend.open()) {
      String id =
          client.enqueue(EnqueueRequest.of("work", UUID.randomUUID().toString())).workflowId();
      List<Future<Boolean>> waits =
          IntStream.range(0, VIRTUAL_THREADS)
              .mapToObj(i -> executor.submit(() -> waitIsCancelled(client, id)))
              .toList();
      // That all are in flight at once is what a held carrier would not allow.
      Eventually.holds("all wait", () -> client.core().inFlight() == VIRTUAL_THREADS);
      client.retrieveWorkflow(id, String.class).cancel();
      for (Future<Boolean> wait : waits) assertTrue(wait.get());
    } finally {
      executor.shutdown();
    }
  }

  private static boolean waitIsCancelled(Client client, String id) {
    try {
      client.getResult(id);
      return false;
    } catch (DboscException.WorkflowCancelled cancelled) {
      return true;
    }
  }
}

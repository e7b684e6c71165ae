package dev.dbosc;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.dbosc.types.Config;
import dev.dbosc.types.EnqueueRequest;
import dev.dbosc.types.Json;
import dev.dbosc.types.ListWorkflowsRequest;
import dev.dbosc.types.Request;
import dev.dbosc.types.Workflow;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Connections to one system database. For any number of threads at once, virtual ones too: a call
 * that waits holds no thread but its caller's. An interrupt cancels the call it finds, which throws
 * {@link DboscException.Cancelled}. Close it: what is in flight ends with {@code closed}.
 *
 * <p>Each operation has a method that returns its reply, and one that ends in {@code Async} and
 * returns a future. What hangs on a future runs on the client's executor.
 */
public final class Client extends ClientOperations implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Core core;
  private final Executor executor;
  private final Cleaner.Cleanable cleanable;

  private Client(Config config, Executor executor) {
    this.core = new Core(config.toJson().text());
    this.executor = executor;
    this.cleanable = CLEANER.register(this, core::close);
  }

  /**
   * Opens a client, whose executor is the common pool; connects, unless the settings say {@code
   * lazy}. Blocks at most {@code startup_timeout_ms}.
   *
   * @param config the settings
   * @return the client, to be closed
   * @throws DboscException as its status says
   */
  public static Client open(Config config) {
    return open(config, ForkJoinPool.commonPool());
  }

  /**
   * The same with an executor of your own for what hangs on futures.
   *
   * @param config the settings
   * @param executor runs the completion of each future
   * @return the client, to be closed
   * @throws DboscException as its status says
   */
  public static Client open(Config config, Executor executor) {
    return new Client(config, executor);
  }

  /**
   * The same by the URL alone, {@code postgresql://…} or {@code sqlite:///…}.
   *
   * @param systemDatabaseUrl where the system database is
   * @return the client, to be closed
   * @throws DboscException as its status says
   */
  public static Client open(String systemDatabaseUrl) {
    return open(Config.builder().systemDatabaseUrl(systemDatabaseUrl).build());
  }

  /**
   * The library's version.
   *
   * @return as {@code 0.1.0}
   */
  public static String libraryVersion() {
    return Utf8.text(Raw.dbosc_version());
  }

  // --- Workflows -------------------------------------------------------------------------------

  /**
   * Enqueues, and gives a handle to the new workflow or the one found.
   *
   * @param <T> what the workflow returns
   * @param request its keys
   * @param type the class of what it returns; {@link Json} for any
   * @return the handle
   * @throws DboscException as its status says
   */
  public <T> WorkflowHandle<T> enqueueWorkflow(EnqueueRequest request, Class<T> type) {
    return retrieveWorkflow(enqueue(request).workflowId(), type);
  }

  /**
   * The same for a type with parameters, {@code new TypeReference<List<String>>() {}}.
   *
   * @param <T> what the workflow returns
   * @param request its keys
   * @param type the type of what it returns
   * @return the handle
   * @throws DboscException as its status says
   */
  public <T> WorkflowHandle<T> enqueueWorkflow(EnqueueRequest request, TypeReference<T> type) {
    return retrieveWorkflow(enqueue(request).workflowId(), type);
  }

  /**
   * A handle to a workflow, which need not exist yet; nothing is looked up.
   *
   * @param <T> what the workflow returns
   * @param workflowId its id
   * @param type the class of what it returns; {@link Json} for any
   * @return the handle
   */
  public <T> WorkflowHandle<T> retrieveWorkflow(String workflowId, Class<T> type) {
    return new WorkflowHandle<>(this, workflowId, result -> result.as(type));
  }

  /**
   * The same for a type with parameters.
   *
   * @param <T> what the workflow returns
   * @param workflowId its id
   * @param type the type of what it returns
   * @return the handle
   */
  public <T> WorkflowHandle<T> retrieveWorkflow(String workflowId, TypeReference<T> type) {
    return new WorkflowHandle<>(this, workflowId, result -> result.as(type));
  }

  /**
   * The workflows that match, page by page as the stream is read.
   *
   * @param request filters; its {@code limit} is the size of a page, and the stream's {@code skip}
   *     is its offset
   * @return a lazy stream, of which {@code limit} takes as many as wanted
   */
  public Stream<Workflow> workflows(ListWorkflowsRequest request) {
    return Pages.workflows(this, request);
  }

  /**
   * The values of a stream from its first on: waits for each, ends where the stream is closed or
   * its workflow over.
   *
   * @param workflowId the workflow that writes it
   * @param key the stream's name
   * @return a lazy stream, whose reader waits
   */
  public Stream<Json> streamValues(String workflowId, String key) {
    return Pages.values(this, workflowId, key);
  }

  /**
   * The same without a thread that waits: each subscriber gets all values, as many as it asks for.
   *
   * @param workflowId the workflow that writes it
   * @param key the stream's name
   * @return a publisher, which reads while its subscriber wants more
   */
  public Flow.Publisher<Json> streamPublisher(String workflowId, String key) {
    return new StreamPublisher(this, workflowId, key);
  }

  // --- Operations as JSON ----------------------------------------------------------------------

  /**
   * Any operation by its name, with request and reply as JSON: for what is written down, passed on,
   * or newer than this package. Every digit is kept. Blocks as the operation's own method does.
   *
   * @param operation its name in the reference, {@code get_result}
   * @param request an object with the operation's keys
   * @return the reply, an object
   * @throws DboscException as its status says; {@code unknown_operation} where there is none
   */
  public Json call(String operation, Json request) {
    try {
      BlockingCall call = new BlockingCall(this);
      core.submit(call, operation, request);
      return call.await();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * The same without waiting.
   *
   * @param operation its name in the reference
   * @param request an object with the operation's keys
   * @return a future of the reply, whose {@code cancel} ends the call
   */
  public CompletableFuture<Json> callAsync(String operation, Json request) {
    return submit(operation, request, reply -> reply);
  }

  // --- Transactions ----------------------------------------------------------------------------

  /**
   * Begins a transaction on a connection of the client, which it keeps until its end.
   *
   * @return the transaction, to be closed
   * @throws DboscException as its status says
   */
  public Transaction begin() {
    return new Transaction(this);
  }

  // --- Life ------------------------------------------------------------------------------------

  /**
   * Ends what waits with {@code closed}, cancels what runs, waits for its end, and frees. Further
   * closes do nothing; further calls throw {@link DboscException.InvalidState}.
   */
  @Override
  public void close() {
    cleanable.clean();
    core.close(); // a second caller waits for the first
  }

  Core core() {
    return core;
  }

  Executor executor() {
    return executor;
  }

  @Override
  <T> T call(String operation, Request request, Function<Json, T> reader) {
    return reader.apply(call(operation, request.toJson()));
  }

  @Override
  <T> CompletableFuture<T> submit(String operation, Request request, Function<Json, T> reader) {
    return submit(operation, request.toJson(), reader);
  }

  private <T> CompletableFuture<T> submit(
      String operation, Json request, Function<Json, T> reader) {
    FutureCall<T> call = new FutureCall<>(this, reader, executor);
    try {
      core.submit(call, operation, request);
    } catch (DboscException refused) {
      call.future.completeExceptionally(refused);
    } finally {
      Reference.reachabilityFence(this);
    }
    return call.future;
  }
}

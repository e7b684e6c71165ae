package dev.dbosc;

import dev.dbosc.types.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** A call that completes a future, on the client's executor: what hangs on the future may block. */
final class FutureCall<T> extends Call {
  final CompletableFuture<T> future = new CompletableFuture<>();
  private final Function<Json, T> reader;
  private final Executor executor;

  FutureCall(Object owner, Function<Json, T> reader, Executor executor) {
    super(owner);
    this.reader = reader;
    this.executor = executor;
    // Cancelled, or completed by others (orTimeout): nobody wants its end any more. After the
    // call's
    // own end the token is gone, and this does nothing.
    future.whenComplete((reply, error) -> token.trigger());
  }

  @Override
  void ended(Json reply, DboscException error) {
    Runnable task = () -> complete(reply, error);
    try {
      executor.execute(task);
    } catch (RejectedExecutionException shutDown) {
      new Thread(task, "dbosc-completion").start();
    }
  }

  void complete(Json reply, Throwable error) {
    if (error != null) {
      future.completeExceptionally(error);
      return;
    }
    try {
      future.complete(reader.apply(reply));
    } catch (Throwable misread) {
      future.completeExceptionally(misread);
    }
  }
}

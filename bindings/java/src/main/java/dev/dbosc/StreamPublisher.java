package dev.dbosc;

import dev.dbosc.types.Json;
import dev.dbosc.types.ReadStreamReply;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;

/** The values of a stream, read while a subscriber wants more; each subscriber reads for itself. */
final class StreamPublisher implements Flow.Publisher<Json> {
  private final Client client;
  private final String workflowId;
  private final String key;

  StreamPublisher(Client client, String workflowId, String key) {
    this.client = client;
    this.workflowId = workflowId;
    this.key = key;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Json> subscriber) {
    subscriber.onSubscribe(new Reading(subscriber));
  }

  /** One subscriber's place in the stream. Its signals come from one thread at a time. */
  private final class Reading implements Flow.Subscription {
    private final Flow.Subscriber<? super Json> subscriber;
    private final Queue<Json> waiting = new ArrayDeque<>();
    private long wanted;
    private long offset;
    private boolean closed;
    private boolean over;
    private boolean signalling;
    private Throwable failure;
    private CompletableFuture<ReadStreamReply> read;

    Reading(Flow.Subscriber<? super Json> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      synchronized (this) {
        if (count <= 0) failure = new IllegalArgumentException("a demand of " + count);
        else wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
      }
      client.executor().execute(this::signal);
    }

    @Override
    public void cancel() {
      CompletableFuture<?> given;
      synchronized (this) {
        over = true;
        given = read;
      }
      if (given != null) given.cancel(true);
    }

    /** Gives what is there and wanted; where nothing is there, reads on. One thread at a time. */
    private void signal() {
      synchronized (this) {
        if (signalling) return;
        signalling = true;
      }
      for (Runnable next = next(); next != null; next = next()) next.run();
    }

    private synchronized Runnable next() {
      Runnable next = over ? null : choose();
      if (next == null) signalling = false;
      return next;
    }

    private Runnable choose() {
      if (failure != null) return ending(() -> subscriber.onError(failure));
      if (waiting.isEmpty() && closed) return ending(subscriber::onComplete);
      if (wanted == 0) return null;
      if (!waiting.isEmpty()) {
        Json value = waiting.remove();
        wanted--;
        return () -> subscriber.onNext(value);
      }
      if (read == null) {
        read = client.readStreamAsync(Pages.from(workflowId, key, offset));
        return () -> reading().whenComplete(this::arrived);
      }
      return null;
    }

    private Runnable ending(Runnable last) {
      over = true;
      return last;
    }

    private synchronized CompletableFuture<ReadStreamReply> reading() {
      return read;
    }

    private void arrived(ReadStreamReply reply, Throwable error) {
      synchronized (this) {
        read = null;
        if (error != null) {
          failure = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
        } else {
          waiting.addAll(reply.values());
          offset = reply.nextOffset();
          closed = reply.closed();
        }
      }
      signal();
    }
  }
}

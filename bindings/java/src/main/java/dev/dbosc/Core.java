package dev.dbosc;

import dev.dbosc.types.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The library's client with one queue of completions and the thread that reads it. Knows nothing of
 * the {@link Client} above, so that this can be collected where its owner forgot to close it.
 */
final class Core implements Runnable {
  private static final int MOST_AT_ONCE = 256;
  private static final long WAKE_TAG = 0;

  private static final long LONGEST_READ_MS = 60_000;

  private final Gate submits = new Gate("client");
  private final Gate directs = new Gate("client");
  private final Map<Long, Call> calls = new ConcurrentHashMap<>();

  /** Of calls that run on their callers' threads: those of transactions. */
  private final Set<CancelToken> tokens = ConcurrentHashMap.newKeySet();

  private final AtomicLong lastTag = new AtomicLong(WAKE_TAG);
  private final Object closing = new Object();
  private final Thread reader = new Thread(this, "dbosc-completions");
  private final long client;
  private final long completions;
  private volatile boolean draining;
  private boolean freed;

  Core(String config) {
    try (CancelToken token = new CancelToken()) {
      client = NativeOutcome.client(Raw.raw_open(Utf8.bytes(config), token.handle()));
    }
    try {
      completions = NativeOutcome.completions(Raw.raw_completions_new());
    } catch (DboscException error) {
      Raw.dbosc_client_free(client);
      throw error;
    }
    reader.setDaemon(true);
    reader.start();
  }

  // --- Calls -----------------------------------------------------------------------------------

  /** Starts a call, whose end it is told; throws, and does not tell, where it was not started. */
  void submit(Call call, String operation, Json request) {
    try {
      submits.enter();
    } catch (DboscException closed) {
      call.token.close();
      throw closed;
    }
    long tag = lastTag.incrementAndGet();
    calls.put(tag, call);
    try {
      submit(tag, operation, request.text(), call.token);
      call.leave();
    } catch (Throwable error) {
      calls.remove(tag);
      call.token.close();
      throw error;
    } finally {
      submits.leave();
    }
  }

  private void submit(long tag, String operation, String request, CancelToken token) {
    NativeOutcome.check(
        Raw.raw_submit(
            client, Utf8.bytes(operation), Utf8.bytes(request), token.handle(), completions, tag));
  }

  /** A call on the caller's thread, of which the end of this client waits. */
  interface Direct {
    long run(long client, long token);
  }

  /** Runs it with the token, which the end of this client triggers; the outcome is the caller's. */
  long direct(CancelToken token, Direct call) {
    directs.enter();
    tokens.add(token);
    try {
      return call.run(client, token.handle());
    } finally {
      tokens.remove(token);
      directs.leave();
    }
  }

  int inFlight() {
    return calls.size();
  }

  boolean isClosed() {
    return !reader.isAlive();
  }

  // --- The thread that reads completions -------------------------------------------------------

  @Override
  public void run() {
    try {
      while (!draining || !calls.isEmpty()) read();
    } catch (Throwable error) {
      submits.shut();
      DboscException told =
          error instanceof DboscException own ? own : DboscException.of(Statuses.INTERNAL, null);
      for (Long tag : List.copyOf(calls.keySet())) end(tag, null, told);
    }
  }

  private void read() {
    String reply;
    try {
      reply =
          NativeOutcome.reply(Raw.raw_completions_read(completions, LONGEST_READ_MS, MOST_AT_ONCE));
    } catch (DboscException.Timeout none) {
      return;
    }
    for (Json completion : Json.trusted(reply).members().get("completions").items()) {
      Map<String, Json> parts = completion.members();
      int status = Integer.parseInt(parts.get("status").text());
      Json error = parts.get("error");
      end(
          Long.parseLong(parts.get("tag").text()),
          parts.get("reply"),
          status == Statuses.OK
              ? null
              : DboscException.of(status, error == null || error.isNull() ? null : error.text()));
    }
  }

  private void end(long tag, Json reply, DboscException error) {
    Call call = calls.get(tag);
    if (call == null) return;
    call.end(reply, error);
    calls.remove(tag);
  }

  // --- The end ---------------------------------------------------------------------------------

  /**
   * Ends waits with {@code closed}, cancels what runs, waits for it, and frees. Idempotent: a
   * second caller waits for the first.
   */
  void close() {
    submits.shut();
    directs.shut();
    synchronized (closing) {
      if (freed) return;
      freed = true;
      submits.awaitEmpty();
      draining = true;
      wakeReader();
      Raw.raw_outcome_free(Raw.raw_shutdown(client, 0));
      tokens.forEach(CancelToken::trigger);
      calls.values().forEach(call -> call.token.trigger());
      directs.awaitEmpty();
      Raw.raw_outcome_free(Raw.raw_shutdown(client, -1));
      Threads.awaitEnd(reader);
      Raw.dbosc_completions_free(completions);
      Raw.dbosc_client_free(client);
    }
  }

  /** Any call, cancelled before it starts: its completion makes the reader look at `draining`. */
  private void wakeReader() {
    try (CancelToken token = new CancelToken()) {
      token.trigger();
      submit(WAKE_TAG, "check_connection", "{}", token);
    } catch (DboscException unable) {
      // Then the reader looks when its read has lasted longest.
    }
  }
}

package dev.dbosc;

import dev.dbosc.types.Json;
import dev.dbosc.types.Request;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A transaction on a connection of the client: what its operations write counts with the commit.
 * One call at a time, on its caller's thread; close without a commit rolls back. Waits are not in
 * it.
 */
public final class Transaction extends SharedOperations implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Client client;
  private final Handle handle;
  private final Cleaner.Cleanable cleanable;

  /** What has to be freed, also where nobody closed it. */
  private static final class Handle implements Runnable {
    final CancelToken token = new CancelToken();
    long transaction;

    @Override
    public void run() {
      Raw.dbosc_transaction_free(transaction);
      transaction = 0;
      token.close();
    }
  }

  Transaction(Client client) {
    this.client = client;
    this.handle = new Handle();
    this.cleanable = CLEANER.register(this, handle);
    try {
      handle.transaction =
          NativeOutcome.transaction(
              client
                  .core()
                  .direct(handle.token, (opened, token) -> Raw.raw_begin(opened, null, token)));
    } catch (DboscException error) {
      cleanable.clean();
      throw error;
    }
  }

  /** A call that is given the transaction and a token. */
  private interface Step {
    long run(long transaction, long token);
  }

  private synchronized long step(Step step) {
    try {
      if (handle.transaction == 0) throw DboscException.closed("transaction");
      return client
          .core()
          .direct(handle.token, (opened, token) -> step.run(handle.transaction, token));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  <T> T call(String operation, Request request, Function<Json, T> reader) {
    return reader.apply(call(operation, request.toJson()));
  }

  /**
   * Any operation by its name, with request and reply as JSON, as {@link Client#call(String, Json)}
   * has it.
   *
   * @param operation its name in the reference, {@code enqueue}
   * @param request an object with the operation's keys
   * @return the reply, an object
   * @throws DboscException as its status says; {@code not_in_transaction} where it waits
   */
  public Json call(String operation, Json request) {
    byte[] name = Utf8.bytes(operation);
    byte[] text = Utf8.bytes(request.text());
    return Json.trusted(
        NativeOutcome.reply(
            step((open, token) -> Raw.raw_transaction_call(open, name, text, token))));
  }

  /**
   * What a statement of yours gave.
   *
   * @param columns names
   * @param rows items by column: numbers, booleans and JSON columns as JSON, all else as text
   * @param rowCount how many rows a writing statement changed
   */
  public record Rows(List<String> columns, List<List<Json>> rows, long rowCount) {
    static Rows fromJson(Json json) {
      Map<String, Json> parts = json.members();
      return new Rows(
          parts.get("columns").items().stream().map(name -> name.as(String.class)).toList(),
          parts.get("rows").items().stream().map(Json::items).toList(),
          Long.parseLong(parts.get("row_count").text()));
    }
  }

  /**
   * Runs one statement of yours in the transaction.
   *
   * @param sql in the database's own SQL: {@code $1} in Postgres, {@code ?} in SQLite
   * @param params its parameters, in order
   * @return what it gave
   * @throws DboscException as its status says
   */
  public Rows execute(String sql, Object... params) {
    byte[] text = Utf8.bytes(sql);
    byte[] given = Utf8.bytes(Json.of(Arrays.asList(params)).text());
    return Rows.fromJson(
        Json.trusted(
            NativeOutcome.reply(
                step((open, token) -> Raw.raw_transaction_execute(open, text, given, token)))));
  }

  /**
   * Makes it all count.
   *
   * @throws DboscException.OutcomeUnknown where no answer came; its details have the ids
   */
  public void commit() {
    NativeOutcome.check(step(Raw::raw_commit));
  }

  /**
   * Takes it all back.
   *
   * @throws DboscException as its status says
   */
  public void rollback() {
    NativeOutcome.check(step(Raw::raw_rollback));
  }

  /** Ends a call that another thread has in it; the transaction can then only be closed. */
  public void cancel() {
    handle.token.trigger();
  }

  /** Rolls back what was not committed. Further closes do nothing; further calls throw. */
  @Override
  public synchronized void close() {
    cleanable.clean();
  }
}

package dev.dbosc;

import dev.dbosc.types.Json;

/** One submitted call: its cancel token, and who hears of its end. */
abstract class Call {
  /** Reachable while the call is in flight: a client must not be collected under its calls. */
  private final Object owner;

  final CancelToken token = new CancelToken();
  private boolean left;

  Call(Object owner) {
    this.owner = owner;
  }

  /** Told once, by the thread that reads completions: must not block. One of the two is null. */
  abstract void ended(Json reply, DboscException error);

  final void end(Json reply, DboscException error) {
    leave();
    ended(reply, error);
  }

  /** Told twice, in any order: its submit has returned, it is over. Then nobody has the token. */
  final synchronized void leave() {
    if (left) token.close();
    left = true;
  }

  final Object owner() {
    return owner;
  }
}

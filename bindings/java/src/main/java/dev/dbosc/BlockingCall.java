package dev.dbosc;

import dev.dbosc.types.Json;
import java.util.concurrent.CountDownLatch;

/** A call whose thread waits: a virtual one too, without holding its carrier. */
final class BlockingCall extends Call {
  private final CountDownLatch done = new CountDownLatch(1);
  private Json reply;
  private DboscException error;

  BlockingCall(Object owner) {
    super(owner);
  }

  @Override
  void ended(Json reply, DboscException error) {
    this.reply = reply;
    this.error = error;
    done.countDown();
  }

  /** An interrupt cancels the call; what then became of it is told, and the interrupt is kept. */
  Json await() {
    if (awaitDone()) Thread.currentThread().interrupt();
    if (error == null) return reply;
    error.setStackTrace(new Throwable().getStackTrace());
    throw error;
  }

  private boolean awaitDone() {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        return interrupted;
      } catch (InterruptedException cancel) {
        interrupted = true;
        token.trigger();
      }
    }
  }
}

package dev.dbosc;

/** Takes the lines of the library's queue, the only one to do so, and hands them to a logger. */
final class LogThread extends Thread {
  // A waiter cannot be woken without the loss of what is told meanwhile, so it looks by itself.
  private static final long LONGEST_WAIT_MS = 100;

  /**
   * More than the queue can hold: a logger whose own calls are told must not keep it from ending.
   */
  private static final int MOST_AT_THE_END = 2_000;

  private final System.Logger logger;
  private volatile boolean ending;
  private boolean hasThrown;

  LogThread(System.Logger logger) {
    super("dbosc-log");
    this.logger = logger;
    setDaemon(true);
  }

  static void refuseToWaitForItself() {
    if (currentThread() instanceof LogThread) throw DboscException.inCallback();
  }

  /** Has it log what is in the queue, and waits for it. */
  void end() {
    ending = true;
    Threads.awaitEnd(this);
  }

  @Override
  public void run() {
    int status = Statuses.OK;
    while (!ending && status != Statuses.INVALID_STATE) status = next(LONGEST_WAIT_MS);
    int left = MOST_AT_THE_END;
    while (left > 0 && next(0) == Statuses.OK) left--;
  }

  /** Logs the oldest line; otherwise TIMEOUT, or INVALID_STATE where there is no queue. */
  private int next(long timeoutMs) {
    long outcome = Raw.raw_log_next(timeoutMs);
    try {
      int status = Raw.raw_status(outcome);
      if (status == Statuses.OK) log(outcome);
      return status;
    } finally {
      Raw.raw_outcome_free(outcome);
    }
  }

  private void log(long outcome) {
    try {
      LogLine line = LogLine.of(Utf8.text(Raw.raw_reply(outcome)));
      logger.log(line.level(), line.text());
    } catch (Throwable error) {
      tellOnce(error);
    }
  }

  // As java.util.logging does: no logger is left to tell, and the next line may fail as well.
  private void tellOnce(Throwable error) {
    if (hasThrown) return;
    hasThrown = true;
    try {
      System.err.println("dbosc: the logger of its log failed, which is told only once:");
      error.printStackTrace();
    } catch (Throwable nowhere) {
      // The next line is worth more.
    }
  }
}

package dev.dbosc;

import java.util.Objects;

/**
 * What the library tells of itself, handed to a logger: connections that are lost and come back,
 * clients that open and close, and at the level {@code DEBUG} retries and calls. The log is the
 * process's, of all its clients; there is one at a time, and none until {@link #to} begins it.
 *
 * <p>One daemon thread, {@code dbosc-log}, takes the lines and calls the logger. Where that blocks,
 * the library keeps about a thousand lines for it, and tells how many more it dropped; where it
 * throws, that line is lost and the next comes, and the first failure is printed to the standard
 * error.
 */
public final class Log implements AutoCloseable {
  private static final Object LOCK = new Object();

  /** What was begun last and has not ended; guarded by the lock. */
  private static Log current;

  private final LogThread thread;

  private Log(System.Logger logger) {
    this.thread = new LogThread(logger);
  }

  /**
   * Begins to hand on what the library tells, from the lowest level on for which the logger is
   * loggable now; the logger's own level still decides on each line. A logger that takes nothing is
   * told nothing. Ends what was begun earlier, as {@link #close} does, and waits for it.
   *
   * <p>A line comes at its level ({@code warn} as {@code WARNING}) as one text without parameters:
   * its message, then its event and what belongs to that as JSON, {@code a client was opened
   * [client_opened client=1 application_name="shop"]}. The time is the logger's own.
   *
   * @param logger takes the lines, one at a time; kept until the end
   * @return the log, which goes on until it is closed, also where nothing refers to it
   * @throws DboscException.InvalidState {@code in_callback} where a logger calls it while it is
   *     told a line, since that would wait for itself
   * @throws DboscException.OutOfMemory where memory ran out; then nothing is told
   */
  public static Log to(System.Logger logger) {
    Objects.requireNonNull(logger, "logger");
    String level = LogLevel.lowest(logger);
    LogThread.refuseToWaitForItself();
    synchronized (LOCK) {
      if (current != null) current.end();
      Log begun = new Log(logger);
      queue(level);
      begun.start();
      current = begun;
      return begun;
    }
  }

  /**
   * Ends it: the library's log is off. Blocks until the logger has all that was told before, and up
   * to a tenth of a second more; an interrupt is kept for later. Does nothing where it has ended
   * already, by an earlier close or by another {@link #to}.
   *
   * @throws DboscException.InvalidState {@code in_callback} where a logger calls it while it is
   *     told a line, since that would wait for itself
   */
  @Override
  public void close() {
    LogThread.refuseToWaitForItself();
    synchronized (LOCK) {
      if (current == this) end();
    }
  }

  private void start() {
    try {
      thread.start();
    } catch (Throwable noThread) {
      queue("off");
      throw noThread;
    }
  }

  // First the thread, then the queue: what is in the queue when it ends is lost.
  private void end() {
    thread.end();
    queue("off");
    current = null;
  }

  private static void queue(String level) {
    NativeOutcome.check(Raw.raw_queue_log(Utf8.bytes(level)));
  }
}

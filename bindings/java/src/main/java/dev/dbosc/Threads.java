package dev.dbosc;

/** What the package's own threads share. */
final class Threads {
  private Threads() {}

  /** Until the thread has ended; an interrupt is kept for later. */
  static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException error) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}

package dev.dbosc;

/** Lets calls in until it is shut, and then knows when the last one is out. */
final class Gate {
  private final String what;
  private int inside;
  private boolean shut;

  Gate(String what) {
    this.what = what;
  }

  synchronized void enter() {
    if (shut) throw DboscException.closed(what);
    inside++;
  }

  synchronized void leave() {
    if (--inside == 0) notifyAll();
  }

  synchronized void shut() {
    shut = true;
  }

  /** Until the last one is out; an interrupt is kept for later. */
  synchronized void awaitEmpty() {
    boolean interrupted = false;
    while (inside > 0) {
      try {
        wait();
      } catch (InterruptedException error) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}

package dev.dbosc;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits on a condition; the bound is for a run that is broken. */
final class Eventually {
  static final Duration BOUND = Duration.ofSeconds(120);

  private Eventually() {}

  static void holds(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(BOUND);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) throw new AssertionError(what + ": not within " + BOUND);
      LockSupport.parkNanos(5_000_000);
    }
  }
}

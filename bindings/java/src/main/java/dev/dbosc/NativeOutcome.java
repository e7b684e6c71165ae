package dev.dbosc;

/** What a call into the library came to: a reply or a handle, otherwise its exception. */
final class NativeOutcome {
  private NativeOutcome() {}

  /** Takes one thing out of an outcome, which is the callee's until then. */
  private interface Part<T> {
    T of(long outcome);
  }

  private static <T> T take(long outcome, Part<T> part) {
    try {
      int status = Raw.raw_status(outcome);
      if (status == Statuses.OK) return part.of(outcome);
      throw DboscException.of(status, Utf8.text(Raw.raw_error_json(outcome)));
    } finally {
      Raw.raw_outcome_free(outcome);
    }
  }

  static void check(long outcome) {
    take(outcome, ended -> null);
  }

  static String reply(long outcome) {
    return take(outcome, ended -> Utf8.text(Raw.raw_reply(ended)));
  }

  static long client(long outcome) {
    return take(outcome, Raw::raw_client);
  }

  static long completions(long outcome) {
    return take(outcome, Raw::raw_completions);
  }

  static long transaction(long outcome) {
    return take(outcome, Raw::raw_transaction);
  }
}

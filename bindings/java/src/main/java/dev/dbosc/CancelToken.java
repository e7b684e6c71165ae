package dev.dbosc;

/**
 * The library's request to stop, of one call or several. Any thread may trigger it, also too late.
 */
final class CancelToken implements AutoCloseable {
  private long handle = Raw.dbosc_cancel_new();

  CancelToken() {
    if (handle == 0) throw DboscException.of(Statuses.OUT_OF_MEMORY, null);
  }

  long handle() {
    return handle;
  }

  synchronized void trigger() {
    if (handle != 0) Raw.dbosc_cancel_trigger(handle);
  }

  /** No blocking call may have it any more. */
  @Override
  public synchronized void close() {
    Raw.dbosc_cancel_free(handle);
    handle = 0;
  }
}

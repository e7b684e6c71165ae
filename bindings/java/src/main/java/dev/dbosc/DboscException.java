package dev.dbosc;

import dev.dbosc.types.Json;
import java.util.Map;

/**
 * Why a call did not succeed. There is a subclass for each status, nested here; {@link #kind()} is
 * the finer word.
 */
public class DboscException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One of DBOSC_…. */
  private final int status;

  /** Everything, as the library tells it. */
  private final String json;

  DboscException(int status, String json) {
    super(text(json, "message"));
    this.status = status;
    this.json = json;
  }

  /** Of the status, with the error's JSON as the library gives it; null where memory ran out. */
  static DboscException of(int status, String json) {
    return Statuses.exception(
        status,
        json != null
            ? json
            : "{\"kind\":\"out_of_memory\",\"message\":\"out of memory\",\"retryable\":true}");
  }

  private static DboscException own(int status, String kind, String message) {
    Map<String, Object> error =
        Map.of("code", status, "kind", kind, "message", message, "retryable", false);
    return of(status, Json.of(error).text());
  }

  static DboscException invalidArgument(String message) {
    return own(Statuses.INVALID_ARGUMENT, "invalid_text", message);
  }

  static DboscException closed(String what) {
    return own(Statuses.INVALID_STATE, "closed", "the " + what + " is closed");
  }

  static DboscException inCallback() {
    return own(
        Statuses.INVALID_STATE, "in_callback", "a logger cannot end the log that is calling it");
  }

  static DboscException cancelled() {
    return own(Statuses.CANCELLED, "cancelled", "the thread was interrupted");
  }

  static DboscException misfit(IllegalArgumentException error) {
    DboscException found =
        own(
            Statuses.SERIALIZATION,
            "result_type",
            "the result does not fit: " + error.getMessage());
    found.initCause(error);
    return found;
  }

  private static String text(String json, String key) {
    Json found = Json.trusted(json).members().get(key);
    return found == null || found.isNull() ? "" : found.as(String.class);
  }

  /**
   * The status, a number of dbosc.h.
   *
   * @return one of DBOSC_…, never 0
   */
  public final int status() {
    return status;
  }

  /**
   * The finer word, stable, as {@code queue_deduplicated}.
   *
   * @return the kind, never null
   */
  public final String kind() {
    return text(json, "kind");
  }

  /**
   * Whether the same call may succeed later.
   *
   * @return true where the library says so
   */
  public final boolean retryable() {
    Json found = details().members().get("retryable");
    return found != null && found.text().equals("true");
  }

  /**
   * The workflow that it is about: the failed one, the holder of a deduplication id, the one whose
   * outcome is unknown.
   *
   * @return its id; null where the error names none
   */
  public final String workflowId() {
    String found = text(json, "workflow_id");
    return found.isEmpty() ? null : found;
  }

  /**
   * Everything: {@code code}, {@code kind}, {@code message}, {@code sqlstate}, {@code path}, …
   *
   * @return an object
   */
  public final Json details() {
    return Json.trusted(json);
  }

  /** The request is wrong; nothing was sent. */
  public static final class InvalidArgument extends DboscException {
    private static final long serialVersionUID = 1;

    InvalidArgument(int status, String json) {
      super(status, json);
    }
  }

  /** What the request names does not exist. */
  public static final class NotFound extends DboscException {
    private static final long serialVersionUID = 1;

    NotFound(int status, String json) {
      super(status, json);
    }
  }

  /** Something that exists stands against it. */
  public static final class Conflict extends DboscException {
    private static final long serialVersionUID = 1;

    Conflict(int status, String json) {
      super(status, json);
    }
  }

  /** The deadline passed; nothing was changed. */
  public static final class Timeout extends DboscException {
    private static final long serialVersionUID = 1;

    Timeout(int status, String json) {
      super(status, json);
    }
  }

  /** The caller cancelled, or its thread was interrupted; nothing was changed. */
  public static final class Cancelled extends DboscException {
    private static final long serialVersionUID = 1;

    Cancelled(int status, String json) {
      super(status, json);
    }
  }

  /** The database cannot be reached or used; nothing was changed. */
  public static final class Unavailable extends DboscException {
    private static final long serialVersionUID = 1;

    Unavailable(int status, String json) {
      super(status, json);
    }
  }

  /** The database refused a statement. */
  public static final class Database extends DboscException {
    private static final long serialVersionUID = 1;

    Database(int status, String json) {
      super(status, json);
    }
  }

  /** A payload cannot be written or read in its format. */
  public static final class Serialization extends DboscException {
    private static final long serialVersionUID = 1;

    Serialization(int status, String json) {
      super(status, json);
    }
  }

  /** This database, schema level or version cannot do it. */
  public static final class Unsupported extends DboscException {
    private static final long serialVersionUID = 1;

    Unsupported(int status, String json) {
      super(status, json);
    }
  }

  /** The client or the transaction is closed, or cannot do it now. */
  public static final class InvalidState extends DboscException {
    private static final long serialVersionUID = 1;

    InvalidState(int status, String json) {
      super(status, json);
    }
  }

  /** The awaited workflow failed: with an error of its own, which has a name and a message. */
  public static final class WorkflowFailed extends DboscException {
    private static final long serialVersionUID = 1;

    WorkflowFailed(int status, String json) {
      super(status, json);
    }

    /**
     * The name of the workflow's error, as its own language calls it: {@code ValueError}.
     *
     * @return the name; empty where there is none
     */
    public String errorName() {
      return part("name");
    }

    /**
     * The message of the workflow's error.
     *
     * @return the message; empty where there is none
     */
    public String errorMessage() {
      return part("message");
    }

    /**
     * The workflow's error as a whole: {@code name}, {@code message}, {@code code}, {@code data}.
     *
     * @return an object, or JSON's null
     */
    public Json workflowError() {
      Json found = details().members().get("workflow_error");
      return found == null ? Json.NULL : found;
    }

    private String part(String key) {
      Json error = workflowError();
      return error.isNull() ? "" : text(error.text(), key);
    }
  }

  /** The awaited workflow was cancelled. */
  public static final class WorkflowCancelled extends DboscException {
    private static final long serialVersionUID = 1;

    WorkflowCancelled(int status, String json) {
      super(status, json);
    }
  }

  /** Sent, no answer: it may have been applied; {@link #details()} has the ids. */
  public static final class OutcomeUnknown extends DboscException {
    private static final long serialVersionUID = 1;

    OutcomeUnknown(int status, String json) {
      super(status, json);
    }
  }

  /** Memory ran out. */
  public static final class OutOfMemory extends DboscException {
    private static final long serialVersionUID = 1;

    OutOfMemory(int status, String json) {
      super(status, json);
    }
  }

  /** A bug in the library. */
  public static final class Internal extends DboscException {
    private static final long serialVersionUID = 1;

    Internal(int status, String json) {
      super(status, json);
    }
  }
}

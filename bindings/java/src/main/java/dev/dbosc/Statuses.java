package dev.dbosc;

/** The status codes of dbosc.h, and the exception of each. */
final class Statuses {
  static final int OK = 0;
  static final int INVALID_ARGUMENT = 1;
  static final int NOT_FOUND = 2;
  static final int CONFLICT = 3;
  static final int TIMEOUT = 4;
  static final int CANCELLED = 5;
  static final int UNAVAILABLE = 6;
  static final int DATABASE = 7;
  static final int SERIALIZATION = 8;
  static final int UNSUPPORTED = 9;
  static final int INVALID_STATE = 10;
  static final int WORKFLOW_FAILED = 11;
  static final int WORKFLOW_CANCELLED = 12;
  static final int OUTCOME_UNKNOWN = 13;
  static final int OUT_OF_MEMORY = 14;
  static final int INTERNAL = 15;

  private Statuses() {}

  static DboscException exception(int status, String json) {
    return switch (status) {
      case INVALID_ARGUMENT -> new DboscException.InvalidArgument(status, json);
      case NOT_FOUND -> new DboscException.NotFound(status, json);
      case CONFLICT -> new DboscException.Conflict(status, json);
      case TIMEOUT -> new DboscException.Timeout(status, json);
      case CANCELLED -> new DboscException.Cancelled(status, json);
      case UNAVAILABLE -> new DboscException.Unavailable(status, json);
      case DATABASE -> new DboscException.Database(status, json);
      case SERIALIZATION -> new DboscException.Serialization(status, json);
      case UNSUPPORTED -> new DboscException.Unsupported(status, json);
      case INVALID_STATE -> new DboscException.InvalidState(status, json);
      case WORKFLOW_FAILED -> new DboscException.WorkflowFailed(status, json);
      case WORKFLOW_CANCELLED -> new DboscException.WorkflowCancelled(status, json);
      case OUTCOME_UNKNOWN -> new DboscException.OutcomeUnknown(status, json);
      case OUT_OF_MEMORY -> new DboscException.OutOfMemory(status, json);
      case INTERNAL -> new DboscException.Internal(status, json);
      default -> new DboscException(status, json);
    };
  }
}

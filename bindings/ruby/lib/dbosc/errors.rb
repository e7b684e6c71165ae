# frozen_string_literal: true

module DBOSC
  # What every failed call raises; a subclass for each status of the library. Wrong arguments that never reach the
  # library are Ruby's own ArgumentError and TypeError.
  class Error < StandardError
    # The finer word, stable, e.g. "queue_deduplicated".
    attr_reader :kind
    # Everything that the library told, with the keys of its JSON.
    attr_reader :details

    def initialize(message = nil, kind: "", details: {})
      super(message)
      @kind = kind
      @details = details
    end

    # The status in the library's own word, e.g. "NOT_FOUND".
    def status
      details["status"]
    end

    # Whether the same call may succeed later without a change.
    def retryable?
      details["retryable"] == true
    end

    # The workflow that it is about; nil where it is about none.
    def workflow_id
      details["workflow_id"]
    end

    # The database's own code, where it was the database that refused.
    def sqlstate
      details["sqlstate"]
    end

    # The key of the request that is wrong, e.g. "workflows[2].queue_name".
    def path
      details["path"]
    end
  end

  # The request is wrong; nothing was sent.
  class InvalidArgumentError < Error; end
  # What the request names does not exist.
  class NotFoundError < Error; end
  # Something that exists stands against it.
  class ConflictError < Error; end
  # The deadline passed; nothing was changed.
  class TimeoutError < Error; end
  # The call was cancelled; nothing was changed.
  class CancelledError < Error; end
  # The database cannot be reached or used; nothing was changed.
  class UnavailableError < Error; end
  # The database refused a statement.
  class DatabaseError < Error; end
  # A payload cannot be written or read in its format.
  class SerializationError < Error; end
  # This database, schema level or version cannot do it.
  class UnsupportedError < Error; end
  # The client or the transaction can no longer be used.
  class InvalidStateError < Error; end
  # The client was closed.
  class ClosedError < InvalidStateError; end
  # The client belongs to the parent process. Open one in the child, e.g. in Puma's on_worker_boot.
  class ForkedError < InvalidStateError; end

  # The awaited workflow failed.
  class WorkflowFailedError < Error
    # The workflow's own error as its SDK stored it, with the keys "name", "message", "code", "data".
    def workflow_error
      details["workflow_error"] || {}
    end

    # The name of the error in the workflow's language, e.g. "ValueError".
    def name
      workflow_error["name"]
    end

    # The message of the error in the workflow.
    def remote_message
      workflow_error["message"]
    end
  end

  # The awaited workflow was cancelled.
  class WorkflowCancelledError < Error; end
  # Sent, but no answer came: it may have been applied. `details` has the ids that the call had fixed.
  class OutcomeUnknownError < Error; end
  # No memory was left.
  class OutOfMemoryError < Error; end
  # A bug in the library.
  class InternalError < Error; end

  # Errors by the library's status codes, and by kinds that have a class of their own.
  module Errors
    BY_STATUS = [nil, InvalidArgumentError, NotFoundError, ConflictError, TimeoutError, CancelledError,
                 UnavailableError, DatabaseError, SerializationError, UnsupportedError, InvalidStateError,
                 WorkflowFailedError, WorkflowCancelledError, OutcomeUnknownError, OutOfMemoryError,
                 InternalError].freeze
    BY_KIND = { "closed" => ClosedError, "forked" => ForkedError }.freeze

    module_function

    # The exception for a status and the error's JSON, which may be nil.
    def build(status, json)
      details = json ? Json.parse(json) : {}
      kind = details["kind"].to_s
      type = BY_KIND[kind] || BY_STATUS[status] || Error
      type.new(details["message"] || "status #{status}", kind: kind, details: details)
    end

    # An error of the package itself, in the library's shape.
    def own(type, status, kind, message)
      details = { "status" => status, "kind" => kind, "message" => message, "retryable" => false }
      type.new(message, kind: kind, details: details)
    end
  end
end

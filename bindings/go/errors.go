package dbosc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Status is the coarse word for how a call ended. It is an error of its own, so that errors.Is(err,
// dbosc.ErrNotFound) asks for it.
type Status int

// The statuses of the C API.
const (
	ErrInvalidArgument   Status = iota + 1 // The request is wrong; nothing was sent.
	ErrNotFound                            // What the request names does not exist.
	ErrConflict                            // Something that exists stands against it.
	ErrTimeout                             // The deadline passed; nothing was changed.
	ErrCancelled                           // The context ended; nothing was changed.
	ErrUnavailable                         // The database cannot be reached or used; nothing was changed.
	ErrDatabase                            // The database refused a statement.
	ErrSerialization                       // A payload cannot be written or read in its format.
	ErrUnsupported                         // This database, schema level or version cannot do it.
	ErrInvalidState                        // The client is closed, or the transaction is over.
	ErrWorkflowFailed                      // The workflow failed: errors.As to *WorkflowError.
	ErrWorkflowCancelled                   // The awaited workflow was cancelled.
	ErrOutcomeUnknown                      // Sent, no answer: it may have been applied; the error has the ids.
	ErrOutOfMemory                         // Memory ran out.
	ErrInternal                            // A bug in the library.
)

var statusNames = [...]string{"ok", "invalid argument", "not found", "conflict", "timeout", "cancelled",
	"unavailable", "database", "serialization", "unsupported", "invalid state", "workflow failed",
	"workflow cancelled", "outcome unknown", "out of memory", "internal"}

// Error is the status in words.
func (s Status) Error() string {
	if s < 0 || int(s) >= len(statusNames) {
		return fmt.Sprintf("dbosc: status %d", int(s))
	}
	return "dbosc: " + statusNames[s]
}

// Kind is the finer word for how a call ended. Any can be asked for: errors.Is(err,
// dbosc.Kind("missing_key")).
type Kind string

// The kinds that programs ask for most; the comments of the C API name the others.
const (
	ErrQueueDeduplicated           Kind = "queue_deduplicated"
	ErrWorkflowIDInUse             Kind = "workflow_id_in_use"
	ErrConflictingWorkflow         Kind = "conflicting_workflow"
	ErrNonExistentWorkflow         Kind = "non_existent_workflow"
	ErrMaxRecoveryAttemptsExceeded Kind = "max_recovery_attempts_exceeded"
	ErrQueueNotFound               Kind = "queue_not_found"
	ErrScheduleNotFound            Kind = "schedule_not_found"
	ErrScheduleExists              Kind = "schedule_exists"
	ErrSchemaMissing               Kind = "schema_missing"
	ErrSchemaTooOld                Kind = "schema_too_old"
	ErrSystemDatabaseExists        Kind = "system_database_exists"
	ErrClosed                      Kind = "closed"
)

// Error is the kind.
func (k Kind) Error() string { return "dbosc: " + string(k) }

// Error is why a call did not succeed. It holds no secrets.
type Error struct {
	Status  Status
	Kind    Kind
	Message string
	// Whether the same call may succeed later.
	Retryable bool
	// Of the database's refusal; empty where there was none.
	SQLState string
	// Where in the request the mistake is, e.g. "workflows[3].priority".
	Path string
	// Of the workflow that the error is about: the one asked for, or the holder of what was wanted.
	WorkflowID string
	// Everything, as the library says it: ids that an unknown outcome had fixed among it.
	Details json.RawMessage

	workflow *WorkflowError
	cause    error
}

// WorkflowError is the error with which a workflow failed, as its own language told it. It stands
// behind an Error of the status ErrWorkflowFailed: use errors.As.
type WorkflowError struct {
	Name          string          `json:"name"`
	Message       string          `json:"message"`
	Code          json.RawMessage `json:"code"`
	Data          json.RawMessage `json:"data"`
	Serialization string          `json:"serialization"`
}

// Error is the remote error's name and message.
func (e *WorkflowError) Error() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

func (e *Error) Error() string { return "dbosc: " + e.Message }

// Is tells whether the target is this error's Status or Kind.
func (e *Error) Is(target error) bool { return target == e.Status || target == e.Kind }

// Unwrap gives the workflow's own error, the context's where that ended the call, or that of a value
// that is no JSON.
func (e *Error) Unwrap() []error {
	var causes []error
	if e.workflow != nil {
		causes = append(causes, e.workflow)
	}
	if e.cause != nil {
		causes = append(causes, e.cause)
	}
	return causes
}

// Timeout tells whether a deadline passed, as net.Error does.
func (e *Error) Timeout() bool {
	return e.Status == ErrTimeout || errors.Is(e.cause, context.DeadlineExceeded)
}

// newError is what the library says of a call that ended with `status`.
func newError(status int, text string) *Error {
	e := &Error{Status: Status(status), Details: json.RawMessage(text)}
	var said struct {
		Kind          Kind           `json:"kind"`
		Message       string         `json:"message"`
		Retryable     bool           `json:"retryable"`
		SQLState      string         `json:"sqlstate"`
		Path          string         `json:"path"`
		WorkflowID    string         `json:"workflow_id"`
		WorkflowError *WorkflowError `json:"workflow_error"`
	}
	if json.Unmarshal(e.Details, &said) != nil || said.Message == "" {
		// Without a memory there is no text either.
		e.Message, e.Details = statusNames[min(max(status, 0), len(statusNames)-1)], nil
		return e
	}
	e.Kind, e.Message, e.Retryable, e.SQLState = said.Kind, said.Message, said.Retryable, said.SQLState
	e.Path, e.WorkflowID, e.workflow = said.Path, said.WorkflowID, said.WorkflowError
	return e
}

// ended gives the error its context's, where that ended the call.
func (e *Error) ended(ctx context.Context) *Error {
	if e.Status == ErrCancelled || e.Status == ErrOutcomeUnknown {
		e.cause = ctx.Err()
		if own := context.Cause(ctx); own != e.cause {
			e.cause = errors.Join(e.cause, own)
		}
	}
	return e
}

// endedBefore is the error of a call whose context ended before it began.
func endedBefore(ctx context.Context) *Error {
	e := &Error{Status: ErrCancelled, Kind: "cancelled", Message: "the context had ended before the call"}
	return e.ended(ctx)
}

func closedError() *Error {
	return &Error{Status: ErrInvalidState, Kind: ErrClosed, Message: "the client is closed"}
}

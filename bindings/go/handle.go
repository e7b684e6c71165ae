package dbosc

import (
	"context"
	"encoding/json"
	"fmt"
)

// Statuses of workflows, as the database has them.
const (
	StatusEnqueued                    = "ENQUEUED"
	StatusDelayed                     = "DELAYED"
	StatusPending                     = "PENDING"
	StatusSuccess                     = "SUCCESS"
	StatusError                       = "ERROR"
	StatusCancelled                   = "CANCELLED"
	StatusMaxRecoveryAttemptsExceeded = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
)

// Handle is one workflow whose result is a T. It is usable as long as its client.
type Handle[T any] struct {
	client *Client
	id     string
}

// EnqueueWorkflow starts a workflow durably, as Client.Enqueue does, and gives a handle, to the new
// workflow or to the one found.
func EnqueueWorkflow[T any](ctx context.Context, client *Client, request EnqueueRequest) (*Handle[T], error) {
	reply, err := client.Enqueue(ctx, request)
	if err != nil {
		return nil, err
	}
	return HandleOf[T](client, reply.WorkflowID), nil
}

// RetrieveWorkflow gives a handle to an existing workflow; ErrNonExistentWorkflow where there is none.
func RetrieveWorkflow[T any](ctx context.Context, client *Client, workflowID string) (*Handle[T], error) {
	handle := HandleOf[T](client, workflowID)
	if _, err := handle.GetStatus(ctx); err != nil {
		return nil, err
	}
	return handle, nil
}

// HandleOf gives a handle without looking whether there is such a workflow.
func HandleOf[T any](client *Client, workflowID string) *Handle[T] {
	return &Handle[T]{client, workflowID}
}

// WorkflowID is the workflow's id.
func (h *Handle[T]) WorkflowID() string { return h.id }

// GetResult waits for the workflow's end as long as the context lasts. A workflow that failed is
// ErrWorkflowFailed and a *WorkflowError; one that was cancelled is ErrWorkflowCancelled.
func (h *Handle[T]) GetResult(ctx context.Context) (T, error) {
	var none T
	reply, err := h.client.GetResult(ctx, GetResultRequest{WorkflowID: h.id})
	if err != nil {
		return none, err
	}
	result, err := As[T](reply.Result)
	if err != nil {
		return none, fmt.Errorf("dbosc: the result of workflow %s is no %T: %w", h.id, none, err)
	}
	return result, nil
}

// GetResultJSON is GetResult without the step to a T.
func (h *Handle[T]) GetResultJSON(ctx context.Context) (json.RawMessage, error) {
	reply, err := h.client.GetResult(ctx, GetResultRequest{WorkflowID: h.id})
	if err != nil {
		return nil, err
	}
	return reply.Result, nil
}

// GetStatus looks at the workflow, without its input and output; ErrNonExistentWorkflow where it
// has been deleted.
func (h *Handle[T]) GetStatus(ctx context.Context) (*Workflow, error) {
	no := false
	request := GetWorkflowRequest{WorkflowID: h.id, LoadInput: &no, LoadOutput: &no}
	reply, err := h.client.GetWorkflow(ctx, request)
	if err != nil {
		return nil, err
	}
	if reply.Workflow == nil {
		return nil, h.missing()
	}
	return reply.Workflow, nil
}

// Cancel cancels the workflow; one that is over stays as it is.
func (h *Handle[T]) Cancel(ctx context.Context) error {
	reply, err := h.client.CancelWorkflows(ctx, CancelWorkflowsRequest{WorkflowIDs: []string{h.id}})
	if err != nil {
		return err
	}
	return h.found(reply.Outcomes[0].Outcome)
}

// Resume has workers take the workflow up again where it stopped; one that has succeeded or failed
// stays as it is.
func (h *Handle[T]) Resume(ctx context.Context) error {
	reply, err := h.client.ResumeWorkflows(ctx, ResumeWorkflowsRequest{WorkflowIDs: []string{h.id}})
	if err != nil {
		return err
	}
	return h.found(reply.Outcomes[0].Outcome)
}

func (h *Handle[T]) found(outcome OutcomeKind) error {
	if outcome == OutcomeKindNotFound {
		return h.missing()
	}
	return nil
}

func (h *Handle[T]) missing() *Error {
	return &Error{Status: ErrNotFound, Kind: ErrNonExistentWorkflow, WorkflowID: h.id,
		Message: "there is no workflow " + h.id}
}

package dbosc_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dbosc.dev/dbosc"
)

func TestHandleGivesTheTypedResult(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		request := dbosc.EnqueueRequest{WorkflowName: "idle", QueueName: "handles"}
		handle, err := dbosc.EnqueueWorkflow[order](soon(t), w.Client, request)
		check(t, err)
		w.end(t, handle.WorkflowID(), dbosc.StatusSuccess, order{Number: 7, Customer: "Ada"}, nil)
		result, err := handle.GetResult(soon(t))
		check(t, err)
		if result.Number != 7 || result.Customer != "Ada" {
			t.Errorf("the result is %+v", result)
		}
		raw, err := handle.GetResultJSON(soon(t))
		check(t, err)
		if !strings.HasPrefix(string(raw), `{"number":7,`) {
			t.Errorf("the result's text is %s", raw)
		}
		other, err := dbosc.RetrieveWorkflow[int](soon(t), w.Client, handle.WorkflowID())
		check(t, err)
		if _, err = other.GetResult(soon(t)); err == nil || !strings.Contains(err.Error(), handle.WorkflowID()) {
			t.Errorf("an order was taken for a number: %v", err)
		}
	})
}

func TestFailedWorkflowIsAnErrorOfItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.enqueue(t)
		w.end(t, id, dbosc.StatusError, nil, map[string]any{"name": "CardError", "message": "declined 🙂", "code": 402,
			"data": map[string]any{"cents": 12}})
		_, err := dbosc.HandleOf[string](w.Client, id).GetResult(soon(t))
		var failed *dbosc.WorkflowError
		if !errors.Is(err, dbosc.ErrWorkflowFailed) || !errors.As(err, &failed) {
			t.Fatalf("it is %v", err)
		}
		if failed.Name != "CardError" || failed.Message != "declined 🙂" || string(failed.Code) != "402" ||
			string(failed.Data) != `{"cents":12}` || failed.Error() != "CardError: declined 🙂" {
			t.Errorf("it says %+v", failed)
		}
	})
}

func TestHandleCancelsAndResumes(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		handle := dbosc.HandleOf[any](w.Client, w.enqueue(t))
		check(t, handle.Cancel(soon(t)))
		if _, err := handle.GetResult(soon(t)); !errors.Is(err, dbosc.ErrWorkflowCancelled) {
			t.Errorf("its result is %v", err)
		}
		check(t, handle.Resume(soon(t)))
		status, err := handle.GetStatus(soon(t))
		check(t, err)
		if status.Status != dbosc.StatusEnqueued {
			t.Errorf("it is %s", status.Status)
		}
	})
}

func TestHandleToNoWorkflowSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		_, err := dbosc.RetrieveWorkflow[any](soon(t), w.Client, "nobody's")
		if !errors.Is(err, dbosc.ErrNonExistentWorkflow) || !errors.Is(err, dbosc.ErrNotFound) {
			t.Errorf("retrieving it: %v", err)
		}
		handle := dbosc.HandleOf[any](w.Client, "nobody's")
		if err = handle.Cancel(soon(t)); !errors.Is(err, dbosc.ErrNonExistentWorkflow) {
			t.Errorf("cancelling it: %v", err)
		}
		if err = handle.Resume(soon(t)); !errors.Is(err, dbosc.ErrNonExistentWorkflow) {
			t.Errorf("resuming it: %v", err)
		}
	})
}

func TestWorkflowsAreListedPageByPage(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		request := dbosc.EnqueueManyRequest{}
		want := map[string]bool{}
		for n := range 7 {
			id := fmt.Sprintf("page-%d-%d", time.Now().UnixNano(), n)
			want[id] = true
			request.Workflows = append(request.Workflows,
				dbosc.WorkflowOptions{WorkflowName: "paged", QueueName: "pages", WorkflowID: id})
		}
		outcomes, err := w.EnqueueMany(soon(t), request)
		check(t, err)
		for _, outcome := range outcomes.Outcomes {
			if outcome.Outcome != dbosc.OutcomeKindCreated || outcome.Err() != nil {
				t.Errorf("an outcome is %+v, %v", outcome, outcome.Err())
			}
		}
		all := w.AllWorkflows(soon(t), dbosc.ListWorkflowsRequest{Name: []string{"paged"}, Limit: 3})
		for workflow, err := range all {
			check(t, err)
			if !want[workflow.WorkflowID] {
				t.Errorf("%s is listed twice or unasked", workflow.WorkflowID)
			}
			delete(want, workflow.WorkflowID)
		}
		if len(want) > 0 {
			t.Errorf("%d are not listed", len(want))
		}
		for range all {
			break
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		for _, err := range w.AllWorkflows(ctx, dbosc.ListWorkflowsRequest{}) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("an ended context lists %v", err)
			}
		}
	})
}

func TestRejectedOutcomeIsAnError(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.enqueue(t)
		reply, err := w.EnqueueMany(soon(t), dbosc.EnqueueManyRequest{Workflows: []dbosc.WorkflowOptions{
			{WorkflowName: "another", QueueName: "nobody listens", WorkflowID: id}}})
		check(t, err)
		if err := reply.Outcomes[0].Err(); !errors.Is(err, dbosc.ErrConflictingWorkflow) || !errors.Is(err, dbosc.ErrConflict) {
			t.Errorf("the outcome is %v", err)
		}
	})
}

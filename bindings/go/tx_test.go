package dbosc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dbosc.dev/dbosc"
)

func (w world) exists(t *testing.T, id string) bool {
	t.Helper()
	reply, err := w.GetWorkflow(soon(t), dbosc.GetWorkflowRequest{WorkflowID: id})
	check(t, err)
	return reply.Workflow != nil
}

func TestTransactionsCountAsAWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		var kept, dropped string
		enqueueIn := func(tx *dbosc.Tx) (string, error) {
			reply, err := tx.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "idle", QueueName: "transactions"})
			if err != nil {
				return "", err
			}
			return reply.WorkflowID, nil
		}
		check(t, w.InTransaction(soon(t), func(tx *dbosc.Tx) (err error) {
			kept, err = enqueueIn(tx)
			return err
		}))
		refusal := errors.New("no")
		err := w.InTransaction(soon(t), func(tx *dbosc.Tx) (err error) {
			if dropped, err = enqueueIn(tx); err != nil {
				return err
			}
			return refusal
		})
		if err != refusal {
			t.Errorf("it ended with %v", err)
		}
		if !w.exists(t, kept) || w.exists(t, dropped) {
			t.Error("what was committed is not there, or what was rolled back is")
		}
	})
}

func TestTransactionRunsTheCallersStatements(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.enqueue(t)
		tx, err := w.Begin(soon(t))
		check(t, err)
		question := fmt.Sprintf("SELECT name, priority FROM %s WHERE workflow_uuid = %s", w.table("workflow_status"), w.param(1))
		rows, err := tx.Execute(soon(t), question, id)
		check(t, err)
		if len(rows.Rows) != 1 || string(rows.Rows[0][0]) != `"idle"` || string(rows.Rows[0][1]) != "0" || rows.Columns[1] != "priority" {
			t.Errorf("it answers %+v", rows)
		}
		check(t, tx.Commit(soon(t)))
		if err = tx.Commit(soon(t)); !errors.Is(err, dbosc.ErrInvalidState) {
			t.Errorf("a second commit: %v", err)
		}
		if err = tx.Rollback(soon(t)); !errors.Is(err, dbosc.ErrInvalidState) {
			t.Errorf("a rollback after the commit: %v", err)
		}
		if _, err = tx.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "w", QueueName: "unheard"}); !errors.Is(err, dbosc.ErrInvalidState) {
			t.Errorf("a call after the commit: %v", err)
		}
	})
}

func TestTransactionCallsOperationsByName(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		tx, err := w.Begin(soon(t))
		check(t, err)
		defer tx.Rollback(soon(t))
		request := `{"workflow_name":"idle","queue_name":"by name","args":[12345678901234567890123,"<é😀>"]}`
		text, err := tx.Call(soon(t), "enqueue", json.RawMessage(request))
		check(t, err)
		var reply struct {
			WorkflowID string `json:"workflow_id"`
		}
		check(t, json.Unmarshal(text, &reply))
		if _, err = tx.Call(soon(t), "check_connection", nil); err != nil {
			t.Errorf("without a request: %v", err)
		}
		_, err = tx.Call(soon(t), "get_result", json.RawMessage(`{"workflow_id":"w"}`))
		if !errors.Is(err, dbosc.ErrInvalidArgument) || !errors.Is(err, dbosc.Kind("not_in_transaction")) {
			t.Errorf("a wait in a transaction: %v", err)
		}
		check(t, tx.Commit(soon(t)))
		found, err := w.GetWorkflow(soon(t), dbosc.GetWorkflowRequest{WorkflowID: reply.WorkflowID})
		check(t, err)
		if found.Workflow == nil || !strings.Contains(string(found.Workflow.Input), `[12345678901234567890123,"<é😀>"]`) {
			t.Errorf("%q is stored as %+v", reply.WorkflowID, found.Workflow)
		}
		if _, err = tx.Call(soon(t), "check_connection", nil); !errors.Is(err, dbosc.ErrInvalidState) {
			t.Errorf("a call after the commit: %v", err)
		}
	})
}

func TestPanicRollsBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		var id string
		func() {
			defer func() { _ = recover() }()
			_ = w.InTransaction(soon(t), func(tx *dbosc.Tx) error {
				reply, err := tx.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "idle", QueueName: "unheard"})
				check(t, err)
				id = reply.WorkflowID
				panic("on the way")
			})
		}()
		if id == "" || w.exists(t, id) {
			t.Error("what was written before the panic is there")
		}
	})
}

func TestTransactionOutlivesItsClientHarmlessly(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		client := open(t, w.url)
		tx, err := client.Begin(soon(t))
		check(t, err)
		reply, err := tx.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "idle", QueueName: "unheard"})
		check(t, err)
		check(t, client.Close())
		if err = tx.Commit(soon(t)); !errors.Is(err, dbosc.ErrClosed) {
			t.Errorf("a commit after the client's close: %v", err)
		}
		if w.exists(t, reply.WorkflowID) {
			t.Error("it was committed all the same")
		}
	})
}

func TestContextEndsATransactionsCall(t *testing.T) {
	w := onPostgres(t)
	tx, err := w.Begin(soon(t))
	check(t, err)
	defer tx.Rollback(soon(t))
	ctx, cancel := context.WithCancel(context.Background())
	began := make(chan struct{})
	go func() {
		<-began
		cancel()
	}()
	close(began)
	_, err = tx.Execute(ctx, "SELECT pg_sleep(600)")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

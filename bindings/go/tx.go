package dbosc

import (
	"context"
	"encoding/json"
	"runtime"
	"sync"

	"dbosc.dev/dbosc/internal/raw"
)

// mostBegins are on the way at once: each holds a thread, also where it waits for a connection.
const mostBegins = 8

var begins = make(chan struct{}, mostBegins)

// Tx is a transaction on a connection of the client, which it keeps until Commit or Rollback.
// Operations in it count with the commit, and nothing in it is tried again. Its calls run one after
// the other, each on a thread of its own while it runs.
type Tx struct {
	client *Client
	end    *transaction
}

// transaction is what a cleanup needs of a Tx.
type transaction struct {
	mu     sync.Mutex // one call at a time
	handle raw.Dbosc_transaction
}

func (t *transaction) free() {
	if t.handle != nil {
		raw.Dbosc_transaction_free(t.handle)
		t.handle = nil
	}
}

// Begin begins a transaction: READ COMMITTED on Postgres, with the write lock on SQLite. It waits
// for a connection of the pool until the client's DefaultTimeout, or the context's end.
func (c *Client) Begin(ctx context.Context) (*Tx, error) {
	if ctx.Err() != nil {
		return nil, endedBefore(ctx)
	}
	select {
	case begins <- struct{}{}:
		defer func() { <-begins }()
	case <-ctx.Done():
		return nil, endedBefore(ctx)
	}
	if closed := c.core.enter(); closed != nil {
		return nil, closed
	}
	defer c.core.leave()
	token := watch(ctx)
	defer token.done()
	begun := raw.Raw_begin(c.core.client, "{}", token.token)
	defer raw.Raw_outcome_free(begun)
	if failed := failure(begun); failed != nil {
		return nil, failed.ended(ctx)
	}
	tx := &Tx{client: c, end: &transaction{handle: raw.Raw_transaction(begun)}}
	runtime.AddCleanup(tx, func(end *transaction) { go end.free() }, tx.end)
	return tx, nil
}

// InTransaction begins a transaction, calls `work` in it, and commits; or rolls back where that
// returns an error, which is then returned, or panics.
func (c *Client) InTransaction(ctx context.Context, work func(tx *Tx) error) error {
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Rows is what a statement answers: each row has its columns in their order, numbers, booleans and
// json columns as JSON, all else as texts.
type Rows struct {
	Columns  []string            `json:"columns"`
	Rows     [][]json.RawMessage `json:"rows"`
	RowCount int64               `json:"row_count"`
}

// Execute runs one statement of the caller, written for the database: parameters are $1 in
// Postgres, ? in SQLite.
func (t *Tx) Execute(ctx context.Context, sql string, params ...any) (*Rows, error) {
	o := object{}
	writeValue(&o, append([]any{}, params...))
	if o.err != nil {
		return nil, invalid(o.err)
	}
	reply, failed := t.run(ctx, func(handle raw.Dbosc_transaction, token raw.Dbosc_cancel) raw.Raw_outcome {
		return raw.Raw_transaction_execute(handle, sql, string(o.text), token)
	})
	if failed != nil {
		return nil, failed
	}
	rows := new(Rows)
	if err := json.Unmarshal(reply, rows); err != nil {
		return nil, &Error{Status: ErrInternal, Kind: "unreadable_reply", Message: err.Error(), cause: err}
	}
	return rows, nil
}

// Commit ends the transaction, whatever it returns. ErrOutcomeUnknown says that no answer came; the
// error's Details then have the ids that the calls had fixed.
func (t *Tx) Commit(ctx context.Context) error { return t.finish(ctx, raw.Raw_commit) }

// Rollback ends the transaction, whatever it returns; one that is over is ErrInvalidState, so that
// it may be deferred.
func (t *Tx) Rollback(ctx context.Context) error { return t.finish(ctx, raw.Raw_rollback) }

func (t *Tx) finish(ctx context.Context, how func(raw.Dbosc_transaction, raw.Dbosc_cancel) raw.Raw_outcome) error {
	_, failed := t.run(ctx, how)
	t.end.mu.Lock()
	defer t.end.mu.Unlock()
	// What could not be ended is rolled back by this.
	t.end.free()
	if failed != nil {
		return failed
	}
	return nil
}

// Call runs an operation in the transaction by its name: `request` is its JSON object, as is the
// reply; none is {}. One that cannot join a transaction is ErrInvalidArgument, and nothing is done.
func (t *Tx) Call(ctx context.Context, operation string, request json.RawMessage) (json.RawMessage, error) {
	return callByName(ctx, t, operation, request)
}

func (t *Tx) call(ctx context.Context, operation, request string) (json.RawMessage, *Error) {
	return t.run(ctx, func(handle raw.Dbosc_transaction, token raw.Dbosc_cancel) raw.Raw_outcome {
		return raw.Raw_transaction_call(handle, operation, request, token)
	})
}

// run makes one blocking call.
func (t *Tx) run(ctx context.Context,
	how func(raw.Dbosc_transaction, raw.Dbosc_cancel) raw.Raw_outcome) (json.RawMessage, *Error) {
	defer runtime.KeepAlive(t)
	t.end.mu.Lock()
	defer t.end.mu.Unlock()
	if t.end.handle == nil {
		return nil, &Error{Status: ErrInvalidState, Kind: "transaction_over", Message: "the transaction is over"}
	}
	if ctx.Err() != nil {
		return nil, endedBefore(ctx)
	}
	if closed := t.client.core.enter(); closed != nil {
		return nil, closed
	}
	defer t.client.core.leave()
	token := watch(ctx)
	defer token.done()
	outcome := how(t.end.handle, token.token)
	defer raw.Raw_outcome_free(outcome)
	if failed := failure(outcome); failed != nil {
		return nil, failed.ended(ctx)
	}
	return json.RawMessage(raw.Raw_reply(outcome)), nil
}

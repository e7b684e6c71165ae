package dbosc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"dbosc.dev/dbosc"
)

// until waits for a condition.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	if eventually(holds) != nil {
		t.Fatalf("it did not come to be that %s", what)
	}
}

func eventually(holds func() bool) error {
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return errors.New("it did not come to be")
		}
	}
	return nil
}

func TestEnqueuedWorkflowIsFoundAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.enqueue(t, "Ada", 3)
		reply, err := w.GetWorkflow(soon(t), dbosc.GetWorkflowRequest{WorkflowID: id})
		check(t, err)
		found := reply.Workflow
		if found == nil || found.Status != dbosc.StatusEnqueued || found.Name != "idle" {
			t.Fatalf("found %+v", found)
		}
		if string(found.Input) != `{"args":["Ada",3],"kwargs":{}}` {
			t.Errorf("its input is %s", found.Input)
		}
		if age := time.Since(found.CreatedAt); found.CreatedAt.IsZero() || age > time.Hour || age < -time.Hour {
			t.Errorf("it was created at %s", found.CreatedAt)
		}
		if !found.CompletedAt.IsZero() {
			t.Errorf("it was completed at %s", found.CompletedAt)
		}
	})
}

func TestTimesComeBackAsTheyWereGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		until := time.Now().Add(time.Hour).Truncate(time.Millisecond)
		reply, err := w.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "late", QueueName: "unheard", Deadline: until})
		check(t, err)
		look, err := w.GetWorkflow(soon(t), dbosc.GetWorkflowRequest{WorkflowID: reply.WorkflowID})
		check(t, err)
		if !look.Workflow.DeadlineAt.Equal(until) {
			t.Errorf("the deadline is %s instead of %s", look.Workflow.DeadlineAt, until)
		}
		limit := dbosc.RateLimitOptions{Limit: 5, Period: 90 * time.Second}
		made, err := w.RegisterQueue(soon(t), dbosc.RegisterQueueRequest{Name: "times", RateLimit: &limit})
		check(t, err)
		if made.Queue.RateLimit.Period != limit.Period || made.Queue.CreatedAt.IsZero() {
			t.Errorf("the queue is %+v", made.Queue)
		}
		if made.Queue.GlobalConcurrency != nil {
			t.Errorf("a limit of nobody's: %d", *made.Queue.GlobalConcurrency)
		}
	})
}

func TestErrorsAreToldApart(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		request := dbosc.EnqueueRequest{WorkflowName: "w", QueueName: "errors", DeduplicationID: "only one"}
		first, err := w.Enqueue(soon(t), request)
		check(t, err)
		_, err = w.Enqueue(soon(t), request)
		if !errors.Is(err, dbosc.ErrQueueDeduplicated) || !errors.Is(err, dbosc.ErrConflict) {
			t.Fatalf("it is %v", err)
		}
		if errors.Is(err, dbosc.ErrNotFound) || errors.Is(err, dbosc.ErrWorkflowIDInUse) {
			t.Error("it is also something else")
		}
		var told *dbosc.Error
		if !errors.As(err, &told) || told.WorkflowID != first.WorkflowID || told.Message == "" || told.Retryable {
			t.Errorf("it says %+v", told)
		}
		_, err = w.Enqueue(soon(t), dbosc.EnqueueRequest{QueueName: "errors"})
		if !errors.Is(err, dbosc.ErrInvalidArgument) || !errors.As(err, &told) || told.Path == "" {
			t.Errorf("an enqueue of nothing: %v", err)
		}
		_, err = w.Call(soon(t), "no_operation", nil)
		if !errors.Is(err, dbosc.Kind("unknown_operation")) {
			t.Errorf("an operation that is none: %v", err)
		}
	})
}

func TestValuesThatAreNoJSONAreRefused(t *testing.T) {
	w := onSQLite(t)
	for what, args := range map[string]any{
		"a channel": make(chan int), "half a text": json.RawMessage(`["a`), "an infinity": []any{math.Inf(1)},
	} {
		_, err := w.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "w", QueueName: "unheard", Args: args})
		if !errors.Is(err, dbosc.ErrInvalidArgument) || !strings.Contains(err.Error(), "args") {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := w.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "\xff", QueueName: "unheard"})
	if !errors.Is(err, dbosc.ErrInvalidArgument) {
		t.Errorf("a text that is not UTF-8: %v", err)
	}
	if _, err = w.Call(soon(t), "enqueue", json.RawMessage("[]")); !errors.Is(err, dbosc.ErrInvalidArgument) {
		t.Errorf("a request that is no object: %v", err)
	}
}

func TestContextEndsAWait(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, cancel := context.WithCancelCause(context.Background())
		reason := errors.New("the user has left")
		id := w.enqueue(t)
		ended := make(chan error)
		go func() {
			_, err := w.GetResult(ctx, dbosc.GetResultRequest{WorkflowID: id})
			ended <- err
		}()
		until(t, "the call waits", func() bool { return w.InFlight() == 1 })
		cancel(reason)
		err := <-ended
		if !errors.Is(err, context.Canceled) || !errors.Is(err, dbosc.ErrCancelled) || !errors.Is(err, reason) {
			t.Errorf("it ended with %v", err)
		}
		if _, err = w.CheckConnection(ctx, dbosc.CheckConnectionRequest{}); !errors.Is(err, context.Canceled) {
			t.Errorf("a call that begins after its context's end: %v", err)
		}
		if _, err = w.Begin(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("a transaction that begins after its context's end: %v", err)
		}
	})
}

func TestContextsDeadlineEndsAWait(t *testing.T) {
	w := onSQLite(t)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	_, err := dbosc.HandleOf[any](w.Client, w.enqueue(t)).GetResult(ctx)
	var told *dbosc.Error
	if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &told) || !told.Timeout() {
		t.Errorf("it ended with %v", err)
	}
	_, err = w.GetResult(soon(t), dbosc.GetResultRequest{WorkflowID: w.enqueue(t), Timeout: dbosc.Ptr(time.Millisecond)})
	if !errors.Is(err, dbosc.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the request's own deadline: %v", err)
	}
}

func TestOpeningEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := dbosc.Open(ctx, dbosc.Config{SystemDatabaseURL: "sqlite:////nowhere/at/all.sqlite"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	_, err = dbosc.Open(soon(t), dbosc.Config{SystemDatabaseURL: "sqlite:////nowhere/at/all.sqlite"})
	if !errors.Is(err, dbosc.ErrUnavailable) && !errors.Is(err, dbosc.ErrNotFound) {
		t.Errorf("a database that is not there: %v", err)
	}
}

func TestCloseEndsWhatWaitsAndIsIdempotent(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		client := open(t, w.url)
		const waits = 20
		ended := make(chan error, waits)
		for range waits {
			id := w.enqueue(t)
			go func() {
				_, err := client.GetResult(context.Background(), dbosc.GetResultRequest{WorkflowID: id})
				ended <- err
			}()
		}
		until(t, "all wait", func() bool { return client.InFlight() == waits })
		var closers sync.WaitGroup
		for range 3 {
			closers.Go(func() { client.Close() })
		}
		for range waits {
			if err := <-ended; !errors.Is(err, dbosc.ErrClosed) || !errors.Is(err, dbosc.ErrInvalidState) {
				t.Errorf("a wait ended with %v", err)
			}
		}
		closers.Wait()
		check(t, client.Close())
		if _, err := client.ListQueues(soon(t), dbosc.ListQueuesRequest{}); !errors.Is(err, dbosc.ErrClosed) {
			t.Errorf("a call after the close: %v", err)
		}
		if _, err := client.Begin(soon(t)); !errors.Is(err, dbosc.ErrClosed) {
			t.Errorf("a transaction after the close: %v", err)
		}
	})
}

func TestClosingBesideCallsIsSafe(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for range 10 {
			client := open(t, w.url)
			var callers sync.WaitGroup
			begun := make(chan struct{}, 8)
			for range 8 {
				callers.Go(func() {
					for n := 0; ; n++ {
						if n == 1 {
							begun <- struct{}{}
						}
						_, err := client.CheckConnection(soon(t), dbosc.CheckConnectionRequest{})
						if errors.Is(err, dbosc.ErrClosed) {
							return
						}
						if err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			<-begun
			check(t, client.Close())
			callers.Wait()
		}
	})
}

func TestForgottenClientIsClosed(t *testing.T) {
	w := onSQLite(t)
	before := runtime.NumGoroutine()
	func() {
		client, err := dbosc.Open(soon(t), dbosc.Config{SystemDatabaseURL: w.url})
		check(t, err)
		_, err = client.CheckConnection(soon(t), dbosc.CheckConnectionRequest{})
		check(t, err)
	}()
	until(t, "its goroutine has ended", func() bool {
		runtime.GC()
		return runtime.NumGoroutine() <= before
	})
}

func TestCallsAreLogged(t *testing.T) {
	w := onSQLite(t)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client := open(t, w.url, dbosc.WithLogger(logger))
	_, err := client.CheckConnection(soon(t), dbosc.CheckConnectionRequest{})
	check(t, err)
	_, err = client.SetLatestApplicationVersion(soon(t), dbosc.SetLatestApplicationVersionRequest{VersionName: "secret"})
	if err == nil {
		t.Fatal("a version that is not there was made the latest")
	}
	for _, said := range []string{"operation=check_connection", "operation=set_latest_application_version",
		"kind=version_not_found"} {
		if !strings.Contains(log.String(), said) {
			t.Errorf("no %s in %s", said, log.String())
		}
	}
}

// lines is a handler that keeps what it is given.
type lines struct {
	slog.Handler
	mu   sync.Mutex
	kept []map[string]any
}

func (l *lines) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (l *lines) Handle(_ context.Context, record slog.Record) error {
	kept := map[string]any{"message": record.Message, "level": record.Level, "time": record.Time}
	record.Attrs(func(each slog.Attr) bool {
		kept[each.Key] = each.Value.Any()
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, kept)
	return nil
}

func TestWhatTheLibraryTellsIsLogged(t *testing.T) {
	w := onSQLite(t)
	var told lines
	before := time.Now().Add(-time.Second)
	stop, err := dbosc.LogTo(slog.New(&told))
	check(t, err)
	client, err := dbosc.Open(soon(t), dbosc.Config{SystemDatabaseURL: w.url, ApplicationName: "gö 😀"})
	check(t, err)
	check(t, client.Close())
	stop()
	events := map[any]map[string]any{}
	for _, each := range told.kept {
		events[each["event"]] = each
	}
	opened := events["client_opened"]
	if opened == nil || events["client_closed"] == nil {
		t.Fatalf("told: %v", told.kept)
	}
	if opened["application_name"] != "gö 😀" || opened["level"] != slog.LevelInfo || opened["message"] == "" {
		t.Errorf("told: %v", opened)
	}
	if at := opened["time"].(time.Time); at.Before(before) || at.After(time.Now()) {
		t.Errorf("told at %v", at)
	}
	stop() // once more does nothing
	kept := len(told.kept)
	silent, err := dbosc.Open(soon(t), dbosc.Config{SystemDatabaseURL: w.url})
	check(t, err)
	check(t, silent.Close())
	if len(told.kept) != kept {
		t.Errorf("told after the end: %v", told.kept[kept:])
	}
}

func TestALoggerThatTakesNothingIsToldNothing(t *testing.T) {
	stop, err := dbosc.LogTo(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1})))
	check(t, err)
	stop()
}

package dbosc

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime"
	"time"

	"dbosc.dev/dbosc/internal/raw"
)

// Client is a client of one system database. Any number of goroutines may use it. Close it; one
// that becomes garbage unclosed is closed too, at some time.
type Client struct {
	core   *core
	logger *slog.Logger
}

// Option is a setting of Open that is Go's alone.
type Option func(*Client)

// WithLogger has every call told at the level Debug: its operation, how long it took and how it
// ended. Requests and replies are not told.
func WithLogger(logger *slog.Logger) Option {
	return func(c *Client) { c.logger = logger }
}

// LibraryVersion is that of the C library, e.g. "0.1.0".
func LibraryVersion() string { return raw.Dbosc_version() }

// Open makes a client; it connects and checks the schema unless the config is Lazy, and never
// changes the database. It ends by the config's StartupTimeout, or with the context.
func Open(ctx context.Context, config Config, options ...Option) (*Client, error) {
	text, err := config.MarshalJSON()
	if err != nil {
		return nil, invalid(err)
	}
	if ctx.Err() != nil {
		return nil, endedBefore(ctx)
	}
	token := watch(ctx)
	defer token.done()
	opened := raw.Raw_open(string(text), token.token)
	defer raw.Raw_outcome_free(opened)
	if failed := failure(opened); failed != nil {
		return nil, failed.ended(ctx)
	}
	core, failed := newCore(raw.Raw_client(opened))
	if failed != nil {
		return nil, failed
	}
	client := &Client{core: core}
	for _, option := range options {
		option(client)
	}
	runtime.AddCleanup(client, leak, core)
	return client, nil
}

// leak closes what nobody closed. It waits for calls, of which there are none without the client.
func leak(core *core) { go core.close() }

// Close ends waiting calls with ErrClosed, waits for those that run, and frees the client. It may
// be called more than once; each call returns when the client is closed. It returns nil always.
func (c *Client) Close() error {
	c.core.close()
	return nil
}

// Call runs any operation by its name: `request` is its JSON object, as is the reply; none is {}.
func (c *Client) Call(ctx context.Context, operation string, request json.RawMessage) (json.RawMessage, error) {
	return callByName(ctx, c, operation, request)
}

func (c *Client) call(ctx context.Context, operation, request string) (json.RawMessage, *Error) {
	// The client must not become garbage under the call.
	defer runtime.KeepAlive(c)
	if c.logger == nil || !c.logger.Enabled(ctx, slog.LevelDebug) {
		return c.core.call(ctx, operation, request)
	}
	started := time.Now()
	reply, failed := c.core.call(ctx, operation, request)
	attributes := []slog.Attr{slog.String("operation", operation), slog.Duration("took", time.Since(started))}
	if failed != nil {
		attributes = append(attributes, slog.String("kind", string(failed.Kind)), slog.String("error", failed.Message))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "dbosc call", attributes...)
	return reply, failed
}

// caller is what has operations: a client and a transaction.
type caller interface {
	call(ctx context.Context, operation, request string) (json.RawMessage, *Error)
}

// callByName runs an operation with the caller's own text.
func callByName(ctx context.Context, on caller, operation string, request json.RawMessage) (json.RawMessage, error) {
	if len(request) == 0 {
		request = json.RawMessage("{}")
	}
	reply, failed := on.call(ctx, operation, string(request))
	if failed != nil {
		return nil, failed
	}
	return reply, nil
}

// call runs an operation with a generated request; R is the generated reply.
func call[R any](ctx context.Context, on caller, operation string, request request) (*R, error) {
	text, err := written(request.write)
	if err != nil {
		return nil, invalid(err)
	}
	answer, failed := on.call(ctx, operation, string(text))
	if failed != nil {
		return nil, failed
	}
	reply := new(R)
	if err := json.Unmarshal(answer, reply); err != nil {
		return nil, &Error{Status: ErrInternal, Kind: "unreadable_reply", Message: err.Error(), cause: err}
	}
	return reply, nil
}

// invalid is the error of a request that is no JSON.
func invalid(err error) *Error {
	return &Error{Status: ErrInvalidArgument, Kind: "invalid_request", Message: err.Error(), cause: err}
}

// failure is the error of an outcome; nil where it is none. The outcome stays its owner's.
func failure(outcome raw.Raw_outcome) *Error {
	if status := raw.Raw_status(outcome); status != 0 {
		return newError(status, raw.Raw_error_json(outcome))
	}
	return nil
}

package dbosc

import (
	"context"
	"encoding/json"
	"sync"

	"dbosc.dev/dbosc/internal/raw"
)

// mostCompletions are taken from the queue at once.
const mostCompletions = 256

// core is the C client with its queue of completions. Calls are submitted and wait on a channel, so
// that they occupy no thread; one goroutine takes the completions, and is in C only while there is
// one to come.
type core struct {
	client      raw.Dbosc_client
	completions raw.Dbosc_completions

	mu      sync.Mutex
	changed *sync.Cond // any of the below
	closed  bool
	users   int // calls that may use the client
	waiting map[int64]chan completion
	lastTag int64
	// Submitted calls whose completion has not been taken. A completion may be taken before its
	// submit is counted: then below zero for a moment.
	outstanding int
	freed       chan struct{}
	readerEnded chan struct{}
}

// completion is how a submitted call ended.
type completion struct {
	Tag    int64           `json:"tag"`
	Status int             `json:"status"`
	Reply  json.RawMessage `json:"reply"`
	Error  json.RawMessage `json:"error"`
}

// newCore takes the client over.
func newCore(client raw.Dbosc_client) (*core, *Error) {
	made := raw.Raw_completions_new()
	defer raw.Raw_outcome_free(made)
	if failed := failure(made); failed != nil {
		raw.Dbosc_client_free(client)
		return nil, failed
	}
	c := &core{client: client, completions: raw.Raw_completions(made), waiting: map[int64]chan completion{},
		freed: make(chan struct{}), readerEnded: make(chan struct{})}
	c.changed = sync.NewCond(&c.mu)
	go c.read()
	return c, nil
}

// enter is to be followed by leave where it returns nil: until then the client is not freed.
func (c *core) enter() *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return closedError()
	}
	c.users++
	return nil
}

func (c *core) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.users--
	if c.closed {
		c.changed.Broadcast()
	}
}

// call submits an operation and waits for its end. A context that ends, ends the operation, whose
// answer then tells what became of it.
func (c *core) call(ctx context.Context, operation, request string) (json.RawMessage, *Error) {
	if ctx.Err() != nil {
		return nil, endedBefore(ctx)
	}
	if closed := c.enter(); closed != nil {
		return nil, closed
	}
	defer c.leave()
	token := watch(ctx)
	defer token.done()
	end, failed := c.submit(operation, request, token.token)
	if failed != nil {
		return nil, failed.ended(ctx)
	}
	ended := <-end
	if ended.Status != 0 {
		return nil, newError(ended.Status, string(ended.Error)).ended(ctx)
	}
	return ended.Reply, nil
}

func (c *core) submit(operation, request string, token raw.Dbosc_cancel) (chan completion, *Error) {
	end := make(chan completion, 1)
	tag := c.expect(end)
	var failed *Error
	briefly(func() {
		submitted := raw.Raw_submit(c.client, operation, request, token, c.completions, tag)
		defer raw.Raw_outcome_free(submitted)
		failed = failure(submitted)
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	if failed != nil {
		delete(c.waiting, tag)
		return nil, failed
	}
	c.outstanding++
	c.changed.Broadcast()
	return end, nil
}

func (c *core) expect(end chan completion) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastTag++
	c.waiting[c.lastTag] = end
	return c.lastTag
}

// read takes completions until the client is closed and none is left to come.
func (c *core) read() {
	defer close(c.readerEnded)
	for c.someAreToCome() {
		c.deliver(c.take())
	}
}

func (c *core) someAreToCome() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.outstanding <= 0 && !(c.closed && c.users == 0) {
		c.changed.Wait()
	}
	return c.outstanding > 0
}

func (c *core) take() []completion {
	taken := raw.Raw_completions_read(c.completions, -1, mostCompletions)
	defer raw.Raw_outcome_free(taken)
	var read struct {
		Completions []completion `json:"completions"`
	}
	if failure(taken) != nil || json.Unmarshal([]byte(raw.Raw_reply(taken)), &read) != nil {
		return nil // out of memory in C: what was to come is there still
	}
	return read.Completions
}

func (c *core) deliver(all []completion) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outstanding -= len(all)
	for _, each := range all {
		c.waiting[each.Tag] <- each
		delete(c.waiting, each.Tag)
	}
}

// close returns when the client is freed, by this call or by another.
func (c *core) close() {
	c.mu.Lock()
	first := !c.closed
	c.closed = true
	c.changed.Broadcast()
	c.mu.Unlock()
	if !first {
		<-c.freed
		return
	}
	// Ends what waits; its completions are in the queue then, for the reader to take.
	raw.Raw_outcome_free(raw.Raw_shutdown(c.client, -1))
	c.mu.Lock()
	for c.users > 0 {
		c.changed.Wait()
	}
	c.mu.Unlock()
	<-c.readerEnded
	raw.Dbosc_client_free(c.client)
	raw.Dbosc_completions_free(c.completions)
	close(c.freed)
}

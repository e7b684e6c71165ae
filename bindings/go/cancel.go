package dbosc

import (
	"context"
	"sync"

	"dbosc.dev/dbosc/internal/raw"
)

// mostInC bounds the threads that short calls into C can hold where they come all at once.
const mostInC = 4

var gate = make(chan struct{}, mostInC)

// briefly makes a call into C that does not wait for the database.
func briefly(call func()) {
	gate <- struct{}{}
	defer func() { <-gate }()
	call()
}

// canceller is the C token of one call, triggered where the call's context ends.
type canceller struct {
	mu    sync.Mutex // a trigger may still run when the call is over
	token raw.Dbosc_cancel
	stop  func() bool
}

// watch is to be followed by done. A context that cannot end costs no token.
func watch(ctx context.Context) *canceller {
	c := &canceller{}
	if ctx.Done() != nil {
		briefly(func() { c.token = raw.Dbosc_cancel_new() })
		c.stop = context.AfterFunc(ctx, c.trigger)
	}
	return c
}

func (c *canceller) trigger() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != nil {
		briefly(func() { raw.Dbosc_cancel_trigger(c.token) })
	}
}

func (c *canceller) done() {
	if c.stop == nil {
		return
	}
	c.stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	briefly(func() { raw.Dbosc_cancel_free(c.token) })
	c.token = nil
}

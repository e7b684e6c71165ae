package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dbosc.dev/dbosc"
)

// step is one of the story's, with what goes to the library as text.
type step struct {
	Do               string `json:"do"`
	Operation        string `json:"operation"`
	Request          string `json:"request"`
	SQL              string `json:"sql"`
	Params           string `json:"params"`
	Tag              string `json:"tag"`
	Times            int    `json:"times"`
	CancelledAfterMs int64  `json:"cancelled_after_ms"`
}

type story struct {
	url       string
	client    *dbosc.Client
	tx        *dbosc.Tx
	submitted map[string]*calls
}

func (s *story) open(ctx context.Context) (err error) {
	s.client, err = dbosc.Open(ctx, dbosc.Config{SystemDatabaseURL: s.url})
	return err
}

// step tells how it ended: an outcome, or one of each submitted call. An error is none of the
// package's, and the end of the story.
func (s *story) step(ctx context.Context, step step) ([]string, error) {
	switch step.Do {
	case "call":
		return one(s.call(ctx, step))
	case "submit":
		s.submitted[step.Tag] = submit(ctx, s.client, step)
		return ended(nil)
	case "cancel":
		s.submitted[step.Tag].cancel()
		return ended(nil)
	case "await":
		return s.submitted[step.Tag].await()
	case "begin":
		tx, err := s.client.Begin(ctx)
		s.tx = tx
		return ended(err)
	case "in_transaction":
		return one(s.tx.Call(ctx, step.Operation, json.RawMessage(step.Request)))
	case "execute":
		return one(s.execute(ctx, step))
	case "commit":
		return ended(s.tx.Commit(ctx))
	case "rollback":
		return ended(s.tx.Rollback(ctx))
	case "fork":
		return []string{`{"skipped":"Go starts programs anew and never forks"}`}, nil
	case "close":
		return ended(s.client.Close())
	case "open":
		return ended(s.open(ctx))
	}
	return nil, fmt.Errorf("no such step")
}

func (s *story) call(ctx context.Context, step step) (json.RawMessage, error) {
	if step.CancelledAfterMs > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(step.CancelledAfterMs)*time.Millisecond)
		defer cancel()
	}
	return s.client.Call(ctx, step.Operation, json.RawMessage(step.Request))
}

func (s *story) execute(ctx context.Context, step step) (json.RawMessage, error) {
	var texts []json.RawMessage
	if err := json.Unmarshal([]byte(step.Params), &texts); err != nil {
		return nil, err
	}
	var params []any
	for _, text := range texts {
		params = append(params, text)
	}
	rows, err := s.tx.Execute(ctx, step.SQL, params...)
	if err != nil {
		return nil, err
	}
	return json.Marshal(rows)
}

// calls are some that were started together, a goroutine each, and are given up together.
type calls struct {
	cancel context.CancelFunc
	ends   []chan end
}

type end struct {
	reply json.RawMessage
	err   error
}

func submit(ctx context.Context, client *dbosc.Client, step step) *calls {
	ctx, cancel := context.WithCancel(ctx)
	started := &calls{cancel: cancel}
	for range step.Times {
		ends := make(chan end, 1)
		started.ends = append(started.ends, ends)
		go func() {
			reply, err := client.Call(ctx, step.Operation, json.RawMessage(step.Request))
			ends <- end{reply, err}
		}()
	}
	return started
}

func (c *calls) await() ([]string, error) {
	defer c.cancel()
	var outcomes []string
	for _, ends := range c.ends {
		end := <-ends
		outcome, err := account(end.reply, end.err)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, outcome)
	}
	return outcomes, nil
}

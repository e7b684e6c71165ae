package main

import (
	"context"
	"encoding/gob"
	"fmt"
	"math"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
)

// customError is an application's own error, which gob can carry.
type customError struct {
	Message string
	Code    int
}

func (e *customError) Error() string { return e.Message }

// A field that JSON calls otherwise.
type point struct {
	X     int    `json:"x"`
	Label string `json:"label,omitempty"`
	Next  *point
}

// own holds values of Go's own types, by the names that the tests know them by.
var own = map[string]any{
	"nil":           nil,
	"true":          true,
	"int64":         int64(math.MinInt64),
	"uint64":        uint64(math.MaxUint64),
	"float":         1.5,
	"whole-float":   1.0,
	"negative-zero": math.Copysign(0, -1),
	"float32":       float32(0.1),
	"rune":          'é',
	"text":          "é漢😀\x00\"\\<>&\u2028",
	"invalid-utf8":  "a\xffb",
	"slice":         []any{1, "two", nil, []float64{3.5}},
	"nil-slice":     []string(nil),
	"map":           map[string]any{"a": 1, "é": []bool{true}},
	"int-keys":      map[int]string{1: "one", 2: "two"},
	"bytes":         []byte{0, 255},
	"byte-array":    [2]byte{0, 255},
	"time":          time.Date(2024, 2, 29, 12, 34, 56, 789000001, time.UTC),
	"time-offset":   time.Date(2024, 2, 29, 12, 34, 56, 0, time.FixedZone("", 7200)),
	"duration":      1500 * time.Millisecond,
	"struct":        point{X: 1, Label: "é", Next: &point{}},
}

// The SDK's own error is the one that carries code and data.
func failCustom(_ dbos.Context, failure dbos.PortableWorkflowError) (any, error) { return nil, &failure }

func setEvent(ctx dbos.Context, value any) (any, error) {
	return nil, dbos.SetEvent(ctx, "value", value)
}

func writeStream(ctx dbos.Context, value any) (any, error) {
	if err := dbos.WriteStream(ctx, "log", value); err != nil {
		return nil, err
	}
	return nil, dbos.CloseStream(ctx, "log")
}

func step(ctx dbos.Context, value any) (any, error) {
	body := func(context.Context) (any, error) { return value, nil }
	return dbos.RunAsStep(ctx, body, dbos.WithStepName("step"))
}

func sleep(ctx dbos.Context, milliseconds int) (int, error) {
	_, err := dbos.Sleep(ctx, time.Duration(milliseconds)*time.Millisecond)
	return milliseconds, err
}

type publication struct {
	Name   string   `json:"name"`
	Places []string `json:"places"`
}

func publishIn(ctx dbos.Context, place string, value any) error {
	id, err := dbos.GetWorkflowID(ctx)
	if err != nil {
		return err
	}
	switch place {
	case "event":
		return dbos.SetEvent(ctx, "value", value)
	case "stream":
		return dbos.WriteStream(ctx, "log", value)
	case "step":
		_, err = step(ctx, value)
	case "message":
		return dbos.Send(ctx, id, value, "")
	case "input":
		_, err = dbos.RunWorkflow(ctx, echo, value, dbos.WithWorkflowID(id+"-input"))
	}
	return err
}

func publish(ctx dbos.Context, what publication) (any, error) {
	value, known := own[what.Name]
	if !known {
		return nil, fmt.Errorf("no value %s", what.Name)
	}
	for _, place := range what.Places {
		if err := publishIn(ctx, place, value); err != nil {
			return nil, err
		}
	}
	return value, nil
}

func publishError(ctx dbos.Context, message string) (any, error) {
	body := func(context.Context) (any, error) {
		return nil, &customError{Message: message, Code: 7}
	}
	return dbos.RunAsStep(ctx, body, dbos.WithStepName("step"))
}

func registerPayloads(ctx dbos.Context) {
	gob.Register(&customError{})
	gob.Register(map[string]any{})
	gob.Register([]any{})
	dbos.RegisterWorkflow(ctx, failCustom, dbos.WithWorkflowName("fail_custom"))
	dbos.RegisterWorkflow(ctx, setEvent, dbos.WithWorkflowName("set_event"))
	dbos.RegisterWorkflow(ctx, writeStream, dbos.WithWorkflowName("write_stream"))
	dbos.RegisterWorkflow(ctx, step, dbos.WithWorkflowName("step"))
	dbos.RegisterWorkflow(ctx, sleep, dbos.WithWorkflowName("sleep"))
	dbos.RegisterWorkflow(ctx, publish, dbos.WithWorkflowName("publish"))
	dbos.RegisterWorkflow(ctx, publishError, dbos.WithWorkflowName("publish_error"))
}

// Worker and client of the Go SDK; ../README.md says what it does.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
	_ "github.com/dbos-inc/dbos-transact-golang/dbos/driver/sqlite" // its worker runs on SQLite too
)

const (
	long = 10 * time.Minute
	poll = 100 * time.Millisecond
)

// A portable workflow of several arguments, which the SDK hands over as one.
type arguments = dbos.PortableWorkflowArgs

func echo(_ dbos.Context, value any) (any, error) { return value, nil }

func add(_ dbos.Context, in arguments) (float64, error) {
	if len(in.PositionalArgs) != 2 {
		return 0, fmt.Errorf("add takes 2 arguments, not %d", len(in.PositionalArgs))
	}
	a, isNumber := in.PositionalArgs[0].(float64)
	b, isNumberToo := in.PositionalArgs[1].(float64)
	if !isNumber || !isNumberToo {
		return 0, errors.New("add takes numbers")
	}
	return a + b, nil
}

func fail(_ dbos.Context, message string) (any, error) { return nil, errors.New(message) }

func failPortable(_ dbos.Context, in arguments) (any, error) {
	if len(in.PositionalArgs) != 4 {
		return nil, fmt.Errorf("fail_portable takes 4 arguments, not %d", len(in.PositionalArgs))
	}
	name, _ := in.PositionalArgs[0].(string)
	message, _ := in.PositionalArgs[1].(string)
	return nil, &dbos.PortableWorkflowError{
		Name: name, Message: message, Code: in.PositionalArgs[2], Data: in.PositionalArgs[3],
	}
}

func events(ctx dbos.Context, n int) (int, error) {
	for i := 1; i <= n; i++ {
		if err := dbos.SetEvent(ctx, "progress", i); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func receive(ctx dbos.Context, topic string) (any, error) {
	return dbos.Recv[any](ctx, topic, long)
}

func block(ctx dbos.Context, _ any) (any, error) { return dbos.Recv[any](ctx, "go", long) }

// A Go workflow sees nothing of its caller.
func whoami(ctx dbos.Context, _ any) (map[string]any, error) {
	id, err := dbos.GetWorkflowID(ctx)
	return map[string]any{"workflow_id": id}, err
}

func kwargsEcho(_ dbos.Context, in arguments) (map[string]any, error) { return in.NamedArgs, nil }

var (
	executions atomic.Int64
	failed     sync.Map
)

// A step: the number of its execution, counted over all workflows of this process.
func execute(name string) (any, error) {
	if strings.HasPrefix(name, "fails once") {
		if _, again := failed.LoadOrStore(name, true); !again {
			return nil, errors.New(name)
		}
	}
	return executions.Add(1), nil
}

func steps(ctx dbos.Context, names []string) ([]any, error) {
	results := []any{}
	for _, name := range names {
		var result any
		var err error
		if name == "wait" {
			result, err = dbos.Recv[any](ctx, "go", long)
		} else {
			step := func(context.Context) (any, error) { return execute(name) }
			result, err = dbos.RunAsStep(ctx, step, dbos.WithStepName(name))
		}
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

func stream(ctx dbos.Context, in arguments) (int, error) {
	if len(in.PositionalArgs) != 2 {
		return 0, fmt.Errorf("stream takes 2 arguments, not %d", len(in.PositionalArgs))
	}
	values, _ := in.PositionalArgs[0].([]any)
	for _, value := range values {
		if err := dbos.WriteStream(ctx, "log", value); err != nil {
			return 0, err
		}
	}
	if closes, _ := in.PositionalArgs[1].(bool); closes {
		return len(values), dbos.CloseStream(ctx, "log")
	}
	return len(values), nil
}

func relay(ctx dbos.Context, _ any) (any, error) {
	for {
		value, err := dbos.Recv[any](ctx, "value", long)
		if err != nil {
			return nil, err
		}
		if value == nil {
			break
		}
		if err := dbos.WriteStream(ctx, "log", value); err != nil {
			return nil, err
		}
	}
	if err := dbos.CloseStream(ctx, "log"); err != nil {
		return nil, err
	}
	return dbos.Recv[any](ctx, "go", long)
}

func family(ctx dbos.Context, count int) ([]any, error) {
	id, err := dbos.GetWorkflowID(ctx)
	if err != nil {
		return nil, err
	}
	var handles []dbos.WorkflowHandle[any]
	for i := range count {
		handle, err := dbos.RunWorkflow(ctx, block, any(""), dbos.WithWorkflowID(fmt.Sprintf("%s-child-%d", id, i)))
		if err != nil {
			return nil, err
		}
		handles = append(handles, handle)
	}
	results := []any{}
	for _, handle := range handles {
		result, err := handle.GetResult(dbos.WithHandlePollingInterval(poll))
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

// Box is a class with a named instance, as the other SDKs have them.
type Box struct{ name string }

// ConfigName tells the SDK which instance this is.
func (b *Box) ConfigName() string { return b.name }

func (b *Box) describe(_ dbos.Context, value any) (string, error) {
	return fmt.Sprintf("%s: %v", b.name, value), nil
}

func scheduled(_ dbos.Context, in dbos.ScheduledWorkflowInput) (map[string]any, error) {
	return map[string]any{"type": "Time", "at": in.ScheduledTime.Format(time.RFC3339Nano), "context": in.Context}, nil
}

func logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

func registerWorkflows(ctx dbos.Context) {
	dbos.RegisterWorkflow(ctx, echo, dbos.WithWorkflowName("echo"))
	dbos.RegisterWorkflow(ctx, add, dbos.WithWorkflowName("add"))
	dbos.RegisterWorkflow(ctx, fail, dbos.WithWorkflowName("fail"))
	dbos.RegisterWorkflow(ctx, failPortable, dbos.WithWorkflowName("fail_portable"))
	dbos.RegisterWorkflow(ctx, events, dbos.WithWorkflowName("events"))
	dbos.RegisterWorkflow(ctx, receive, dbos.WithWorkflowName("receive"))
	dbos.RegisterWorkflow(ctx, block, dbos.WithWorkflowName("block"))
	dbos.RegisterWorkflow(ctx, whoami, dbos.WithWorkflowName("whoami"))
	dbos.RegisterWorkflow(ctx, kwargsEcho, dbos.WithWorkflowName("kwargs_echo"))
	dbos.RegisterWorkflow(ctx, steps, dbos.WithWorkflowName("steps"))
	dbos.RegisterWorkflow(ctx, stream, dbos.WithWorkflowName("stream"))
	dbos.RegisterWorkflow(ctx, relay, dbos.WithWorkflowName("relay"))
	dbos.RegisterWorkflow(ctx, family, dbos.WithWorkflowName("family"))
	dbos.RegisterWorkflow(ctx, scheduled, dbos.WithWorkflowName("scheduled"))
	registerPayloads(ctx)
	box := &Box{name: "box1"}
	dbos.RegisterWorkflow(ctx, box.describe, dbos.WithWorkflowName("describe"), dbos.WithInstance(box))
}

func registerQueues(ctx dbos.Context) error {
	queues := map[string][]dbos.QueueOption{
		"q":      {},
		"serial": {dbos.WithGlobalConcurrency(1), dbos.WithPriorityEnabled()},
		"pq":     {dbos.WithPartitionConcurrency(1)},
	}
	for name, options := range queues {
		if _, err := dbos.RegisterQueue(ctx, name, append(options, dbos.WithQueueBasePollingInterval(poll))...); err != nil {
			return err
		}
	}
	return nil
}

func work(url, application, version string) error {
	// The SDK's form of a URL for an absolute path has no empty host.
	if path, found := strings.CutPrefix(url, "sqlite:///"); found {
		url = "sqlite:" + path
	}
	ctx, err := dbos.NewContext(context.Background(), dbos.Config{
		AppName: application, DatabaseURL: url, ApplicationVersion: version, Logger: logger(), SkipMigrations: true,
		SchedulerPollingInterval: poll,
	})
	if err != nil {
		return err
	}
	registerWorkflows(ctx)
	if err := dbos.Launch(ctx); err != nil {
		return err
	}
	if err := registerQueues(ctx); err != nil {
		return err
	}
	fmt.Println("READY")
	// Ends at once, whatever waits for a message: a workflow's state is in the database.
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

type command struct {
	Do          string         `json:"do"`
	Workflow    string         `json:"workflow"`
	Queue       string         `json:"queue"`
	Args        []any          `json:"args"`
	Kwargs      map[string]any `json:"kwargs"`
	ID          string         `json:"id"`
	Portable    *bool          `json:"portable"`
	Version     string         `json:"version"`
	User        string         `json:"user"`
	Roles       []string       `json:"roles"`
	Attributes  map[string]any `json:"attributes"`
	Priority    uint           `json:"priority"`
	Partition   string         `json:"partition"`
	Application string         `json:"application"`
	Message     any            `json:"message"`
	Topic       string         `json:"topic"`
	Key         string         `json:"key"`
	PeriodMs    int64          `json:"period_ms"`
	TimeoutMs   int64          `json:"timeout_ms"`
	Name        string         `json:"name"`
	Schedule    string         `json:"schedule"`
	Context     any            `json:"context"`
	Start       int64          `json:"start"`
	End         int64          `json:"end"`

	GlobalConcurrency          *int       `json:"global_concurrency"`
	WorkerConcurrency          *int       `json:"worker_concurrency"`
	RateLimit                  *rateLimit `json:"rate_limit"`
	PartitionConcurrency       *int       `json:"partition_concurrency"`
	PartitionWorkerConcurrency *int       `json:"partition_worker_concurrency"`
	PartitionRateLimit         *rateLimit `json:"partition_rate_limit"`
	PollingIntervalMs          int64      `json:"polling_interval_ms"`
}

func (c command) enqueueOptions() []dbos.EnqueueOption {
	options := []dbos.EnqueueOption{dbos.WithEnqueuePriority(c.Priority)}
	text := func(value string, option func(string) dbos.EnqueueOption) {
		if value != "" {
			options = append(options, option(value))
		}
	}
	text(c.ID, dbos.WithEnqueueWorkflowID)
	text(c.Version, dbos.WithEnqueueApplicationVersion)
	text(c.User, dbos.WithEnqueueAuthenticatedUser)
	text(c.Partition, dbos.WithEnqueueQueuePartitionKey)
	text(c.Application, dbos.WithEnqueueApplicationName)
	if c.Roles != nil {
		options = append(options, dbos.WithEnqueueAuthenticatedRoles(c.Roles...))
	}
	if c.Attributes != nil {
		options = append(options, dbos.WithEnqueueAttributes(c.Attributes))
	}
	return options
}

func enqueue(client dbos.Client, c command) (any, error) {
	var input any = arguments{PositionalArgs: c.Args, NamedArgs: c.Kwargs}
	if c.Portable != nil && !*c.Portable {
		input = nil
		if len(c.Args) > 0 {
			input = c.Args[0]
		}
	}
	handle, err := dbos.Enqueue[any](client, c.Queue, c.Workflow, input, c.enqueueOptions()...)
	if err != nil {
		return nil, err
	}
	return handle.GetWorkflowID(), nil
}

func debounce(client dbos.Client, c command) (any, error) {
	debouncer := dbos.NewDebouncerClient[any, any](c.Workflow, client, dbos.WithDebouncerQueue(c.Queue),
		dbos.WithDebouncerTimeout(time.Duration(c.TimeoutMs)*time.Millisecond))
	var input any = arguments{PositionalArgs: c.Args}
	if c.Portable != nil && !*c.Portable {
		input = c.Args[0]
	}
	handle, err := debouncer.Debounce(c.Key, time.Duration(c.PeriodMs)*time.Millisecond, input)
	if err != nil {
		return nil, err
	}
	return handle.GetWorkflowID(), nil
}

func versions(client dbos.Client) (any, error) {
	infos, err := dbos.ListApplicationVersions(client)
	names := []string{}
	for _, info := range infos {
		names = append(names, info.Name)
	}
	return names, err
}

func latest(client dbos.Client) (any, error) {
	info, err := dbos.GetLatestApplicationVersion(client)
	return info.Name, err
}

func schedules(client dbos.Client) (any, error) {
	found, err := dbos.ListSchedules(client)
	contexts := map[string]any{}
	for _, schedule := range found {
		contexts[schedule.ScheduleName] = schedule.Context
	}
	return contexts, err
}

func createSchedule(client dbos.Client, c command) error {
	return dbos.CreateSchedule(client, dbos.ScheduleSpec{
		ScheduleName: c.Name, WorkflowName: c.Workflow, Schedule: c.Schedule, Context: c.Context,
		CronTimezone: "UTC", ApplicationName: c.Application,
	})
}

func trigger(client dbos.Client, c command) (any, error) {
	handle, err := dbos.TriggerSchedule[any](client, c.Name)
	if err != nil {
		return nil, err
	}
	return handle.GetWorkflowID(), nil
}

func result(client dbos.Client, c command) (any, error) {
	handle, err := dbos.RetrieveWorkflow[any](client, c.ID)
	if err != nil {
		return nil, err
	}
	return handle.GetResult(dbos.WithHandlePollingInterval(poll))
}

func status(client dbos.Client, c command) (any, error) {
	handle, err := dbos.RetrieveWorkflow[any](client, c.ID)
	if err != nil {
		return nil, err
	}
	s, err := handle.GetStatus()
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"status": s.Status, "name": s.Name, "user": s.AuthenticatedUser, "roles": s.AuthenticatedRoles,
		"attributes": s.Attributes, "application": s.ApplicationName, "version": s.ApplicationVersion,
		"priority": s.Priority, "partition": s.QueuePartitionKey,
	}, nil
}

func answer(client dbos.Client, c command) (any, error) {
	switch c.Do {
	case "enqueue":
		return enqueue(client, c)
	case "debounce":
		return debounce(client, c)
	case "versions":
		return versions(client)
	case "latest":
		return latest(client)
	case "set_latest":
		return nil, dbos.SetLatestApplicationVersion(client, c.Version)
	case "schedules":
		return schedules(client)
	case "create_schedule":
		return nil, createSchedule(client, c)
	case "trigger":
		return trigger(client, c)
	case "backfill":
		return dbos.BackfillSchedule(client, c.Name, time.UnixMilli(c.Start).UTC(), time.UnixMilli(c.End).UTC())
	case "send":
		return nil, dbos.Send(client, c.ID, c.Message, c.Topic, dbos.WithPortableSend())
	case "result":
		return result(client, c)
	case "event":
		return dbos.GetEvent[any](client, c.ID, c.Key, time.Minute)
	case "status":
		return status(client, c)
	case "register_queue":
		_, err := dbos.RegisterQueue(client, c.Queue, c.queueOptions()...)
		return nil, err
	case "queue":
		return queue(client, c.Queue)
	case "queues":
		return queues(client, c.Application)
	}
	return nil, fmt.Errorf("unknown command %q", c.Do)
}

func serve(url string) error {
	client, err := dbos.NewClient(context.Background(), dbos.ClientConfig{DatabaseURL: url, Logger: logger()})
	if err != nil {
		return err
	}
	fmt.Println("READY")
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return err
		}
		reply := map[string]any{}
		if value, err := answer(client, c); err != nil {
			reply["error"] = err.Error()
		} else {
			reply["ok"] = value
		}
		if err := out.Encode(reply); err != nil {
			return err
		}
	}
	return client.Shutdown(client, time.Second)
}

func run(args []string) error {
	switch {
	case len(args) == 4 && args[0] == "work":
		return work(args[1], args[2], args[3])
	case len(args) == 2 && args[0] == "client":
		return serve(args[1])
	}
	return errors.New("usage: work URL APPLICATION VERSION | client URL")
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

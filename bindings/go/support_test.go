package dbosc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dbosc.dev/dbosc"
)

// patience is how long a test waits for what must come; nothing is measured by it.
const patience = 2 * time.Minute

// world is a client on a system database of the tests' own.
type world struct {
	*dbosc.Client
	url string
	// table names a table of the system database in SQL of the database's own.
	table func(name string) string
	// param is the database's mark of the nth parameter.
	param func(n int) string
}

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// onBoth runs a test on SQLite and on Postgres.
func onBoth(t *testing.T, test func(t *testing.T, w world)) {
	t.Run("SQLite", func(t *testing.T) { test(t, onSQLite(t)) })
	t.Run("Postgres", func(t *testing.T) { test(t, onPostgres(t)) })
}

func onSQLite(t testing.TB) world {
	address := "sqlite:///" + filepath.Join(t.TempDir(), "system.sqlite")
	makeDatabase(t, address)
	return world{open(t, address), address, func(name string) string { return name },
		func(int) string { return "?" }}
}

var (
	postgresOnce sync.Once
	postgresURL  string
)

// onPostgres uses one database for all tests: each has names of its own.
func onPostgres(t testing.TB) world {
	server := os.Getenv("DBOSC_TEST_POSTGRES_URL")
	if server == "" {
		t.Skip("DBOSC_TEST_POSTGRES_URL names no server")
	}
	postgresOnce.Do(func() {
		address, err := url.Parse(server)
		check(t, err)
		address.Path = fmt.Sprintf("/dbosc_go_%d", time.Now().UnixNano())
		makeDatabase(t, address.String())
		postgresURL = address.String()
	})
	if postgresURL == "" {
		t.Fatal("the database could not be made")
	}
	return world{open(t, postgresURL), postgresURL, func(name string) string { return "dbos." + name },
		func(n int) string { return fmt.Sprintf("$%d", n) }}
}

func makeDatabase(t testing.TB, address string) {
	t.Helper()
	client, err := dbosc.Open(soon(t), dbosc.Config{SystemDatabaseURL: address, Lazy: true})
	check(t, err)
	defer client.Close()
	_, err = client.CreateSystemDatabase(soon(t), dbosc.CreateSystemDatabaseRequest{Timeout: patience})
	check(t, err)
}

func open(t testing.TB, address string, options ...dbosc.Option) *dbosc.Client {
	t.Helper()
	config := dbosc.Config{SystemDatabaseURL: address, DefaultTimeout: patience}
	client, err := dbosc.Open(soon(t), config, options...)
	check(t, err)
	t.Cleanup(func() { check(t, client.Close()) })
	return client
}

// enqueue starts a workflow that no worker takes.
func (w world) enqueue(t testing.TB, args ...any) string {
	t.Helper()
	request := dbosc.EnqueueRequest{WorkflowName: "idle", QueueName: "nobody listens", Args: args}
	reply, err := w.Enqueue(soon(t), request)
	check(t, err)
	return reply.WorkflowID
}

// end writes what a worker would write at a workflow's end: output or error is the other's nil.
func (w world) end(t testing.TB, id, status string, output, failure any) {
	t.Helper()
	stored := func(value any) any {
		if value == nil {
			return nil
		}
		text, err := json.Marshal(value)
		check(t, err)
		return string(text)
	}
	statement := fmt.Sprintf("UPDATE %s SET status = %s, output = %s, error = %s, serialization = 'portable_json' "+
		"WHERE workflow_uuid = %s", w.table("workflow_status"), w.param(1), w.param(2), w.param(3), w.param(4))
	check(t, w.InTransaction(soon(t), func(tx *dbosc.Tx) error {
		_, err := tx.Execute(soon(t), statement, status, stored(output), stored(failure), id)
		return err
	}))
}

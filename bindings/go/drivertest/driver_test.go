package drivertest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"dbosc.dev/dbosc"
	"dbosc.dev/dbosc/drivertest"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// newDatabase makes a system database with a table of the application's own, and a client on it.
func newDatabase(t *testing.T) (*dbosc.Client, string) {
	server := os.Getenv("DBOSC_TEST_POSTGRES_URL")
	if server == "" {
		t.Skip("DBOSC_TEST_POSTGRES_URL names no server")
	}
	address, err := url.Parse(server)
	check(t, err)
	address.Path = fmt.Sprintf("/dbosc_go_driver_%d", time.Now().UnixNano())
	client, err := dbosc.Open(limited(t), dbosc.Config{SystemDatabaseURL: address.String(), Lazy: true})
	check(t, err)
	t.Cleanup(func() { client.Close() })
	_, err = client.CreateSystemDatabase(limited(t), dbosc.CreateSystemDatabaseRequest{})
	check(t, err)
	return client, address.String()
}

func request(id string) dbosc.PrepareEnqueueRequest {
	return dbosc.PrepareEnqueueRequest{WorkflowName: "ship", QueueName: "orders", WorkflowID: id, Args: []any{"🙂", 7, nil}}
}

// checkFound looks whether the order and its workflow are there, both or neither.
func checkFound(t *testing.T, client *dbosc.Client, id string, orders int, want bool) {
	t.Helper()
	reply, err := client.GetWorkflow(limited(t), dbosc.GetWorkflowRequest{WorkflowID: id})
	check(t, err)
	if found := reply.Workflow != nil; found != want || (orders == 1) != want {
		t.Errorf("workflow %s is there: %t, and %d orders", id, found, orders)
	}
	if want && string(reply.Workflow.Input) != `{"args":["🙂",7,null],"kwargs":{}}` {
		t.Errorf("its input is %s", reply.Workflow.Input)
	}
}

func refusedAsDuplicate(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "23505"
}

func TestDatabaseSQLCommitsTheWorkflowWithARowOfItsOwn(t *testing.T) {
	client, address := newDatabase(t)
	ctx := limited(t)
	db, err := sql.Open("pgx", address)
	check(t, err)
	defer db.Close()
	_, err = db.ExecContext(ctx, "CREATE TABLE orders (id text PRIMARY KEY)")
	check(t, err)
	run := func(id string, end func(*sql.Tx) error) error {
		tx, err := db.BeginTx(ctx, nil)
		check(t, err)
		defer tx.Rollback()
		_, err = tx.ExecContext(ctx, "INSERT INTO orders VALUES ($1)", id)
		check(t, err)
		if _, err := drivertest.EnqueueInSQL(ctx, client, tx, request(id)); err != nil {
			return err
		}
		return end(tx)
	}
	orders := func(id string) (n int) {
		check(t, db.QueryRowContext(ctx, "SELECT count(*) FROM orders WHERE id = $1", id).Scan(&n))
		return n
	}
	check(t, run("committed", (*sql.Tx).Commit))
	checkFound(t, client, "committed", orders("committed"), true)
	check(t, run("rolled back", (*sql.Tx).Rollback))
	checkFound(t, client, "rolled back", orders("rolled back"), false)
	_, err = db.ExecContext(ctx, "DELETE FROM orders")
	check(t, err)
	if err = run("committed", (*sql.Tx).Commit); !refusedAsDuplicate(err) {
		t.Errorf("a taken id: %v", err)
	}
}

func TestPgxCommitsTheWorkflowWithARowOfItsOwn(t *testing.T) {
	client, address := newDatabase(t)
	ctx := limited(t)
	connection, err := pgx.Connect(ctx, address)
	check(t, err)
	defer connection.Close(ctx)
	_, err = connection.Exec(ctx, "CREATE TABLE orders (id text PRIMARY KEY)")
	check(t, err)
	run := func(id string, end func(pgx.Tx, context.Context) error) error {
		tx, err := connection.Begin(ctx)
		check(t, err)
		defer tx.Rollback(ctx)
		_, err = tx.Exec(ctx, "INSERT INTO orders VALUES ($1)", id)
		check(t, err)
		if _, err := drivertest.EnqueueInPgx(ctx, client, tx, request(id)); err != nil {
			return err
		}
		return end(tx, ctx)
	}
	orders := func(id string) (n int) {
		check(t, connection.QueryRow(ctx, "SELECT count(*) FROM orders WHERE id = $1", id).Scan(&n))
		return n
	}
	check(t, run("committed", pgx.Tx.Commit))
	checkFound(t, client, "committed", orders("committed"), true)
	check(t, run("rolled back", pgx.Tx.Rollback))
	checkFound(t, client, "rolled back", orders("rolled back"), false)
	_, err = connection.Exec(ctx, "DELETE FROM orders")
	check(t, err)
	if err = run("committed", pgx.Tx.Commit); !refusedAsDuplicate(err) {
		t.Errorf("a taken id: %v", err)
	}
}

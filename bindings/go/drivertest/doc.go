// Package drivertest shows enqueueing inside transactions of database/sql and of pgx, and tests it.
// It is a module of its own, so that dbosc needs no driver.
package drivertest

import (
	"context"
	"database/sql"

	"dbosc.dev/dbosc"
	"github.com/jackc/pgx/v5"
)

// EnqueueInSQL starts a workflow with the commit of a transaction of database/sql.
func EnqueueInSQL(ctx context.Context, client *dbosc.Client, tx *sql.Tx, request dbosc.PrepareEnqueueRequest) (string, error) {
	prepared, err := client.PrepareEnqueue(ctx, request)
	if err != nil {
		return "", err
	}
	return prepared.WorkflowID, dbosc.Exec(ctx, tx, prepared.Statements)
}

// EnqueueInPgx starts a workflow with the commit of a transaction of pgx.
func EnqueueInPgx(ctx context.Context, client *dbosc.Client, tx pgx.Tx, request dbosc.PrepareEnqueueRequest) (string, error) {
	prepared, err := client.PrepareEnqueue(ctx, request)
	if err != nil {
		return "", err
	}
	for _, statement := range prepared.Statements {
		args, err := statement.Args()
		if err != nil {
			return "", err
		}
		if _, err := tx.Exec(ctx, statement.SQL, args...); err != nil {
			return "", err
		}
	}
	return prepared.WorkflowID, nil
}

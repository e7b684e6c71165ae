package dbosc

import (
	"context"
	"database/sql"
	"encoding/json"
)

// Execer is a transaction of database/sql, as *sql.Tx is one.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Exec runs the statements of PrepareEnqueue or PrepareSend in a transaction of database/sql. Other
// drivers run each with its Args themselves.
func Exec(ctx context.Context, tx Execer, statements []Statement) error {
	for _, statement := range statements {
		args, err := statement.Args()
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, statement.SQL, args...); err != nil {
			return err
		}
	}
	return nil
}

// Args are the statement's parameters for a driver, each a string or nil. With the ParamsStyle
// named they have names, and Params is to be read instead.
func (s Statement) Args() ([]any, error) {
	var args []any
	err := json.Unmarshal(s.Params, &args)
	return args, err
}

// Err is the error of an outcome that is a rejection; nil of any other.
func (o Outcome) Err() error {
	if len(o.Error) == 0 || string(o.Error) == "null" {
		return nil
	}
	var said struct {
		Code int `json:"code"`
	}
	if err := json.Unmarshal(o.Error, &said); err != nil {
		return err
	}
	return newError(said.Code, string(o.Error))
}

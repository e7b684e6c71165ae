// SQL in transactions of pgx; ../README.md says what it does.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

type command struct {
	Do     string `json:"do"`
	URL    string `json:"url"`
	SQL    string `json:"sql"`
	Params []any  `json:"params"`
}

var (
	connection  *pgx.Conn
	transaction pgx.Tx
)

func execute(ctx context.Context, asked command) (any, error) {
	var err error
	switch asked.Do {
	case "open":
		connection, err = pgx.Connect(ctx, asked.URL)
	case "begin":
		transaction, err = connection.Begin(ctx)
	case "run":
		var tag pgconn.CommandTag
		tag, err = transaction.Exec(ctx, asked.SQL, asked.Params...)
		return tag.RowsAffected(), err
	case "commit":
		err = transaction.Commit(ctx)
	case "rollback":
		err = transaction.Rollback(ctx)
	case "close":
		err = connection.Close(ctx)
	default:
		err = fmt.Errorf("unknown command %q", asked.Do)
	}
	return nil, err
}

func answer(line []byte) any {
	var asked command
	if err := json.Unmarshal(line, &asked); err != nil {
		return map[string]any{"error": err.Error(), "code": nil}
	}
	value, err := execute(context.Background(), asked)
	if err == nil {
		return map[string]any{"ok": value}
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return map[string]any{"error": err.Error(), "code": refused.Code}
	}
	return map[string]any{"error": err.Error(), "code": nil}
}

func main() {
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	fmt.Println("READY")
	for lines.Scan() {
		if err := answers.Encode(answer(lines.Bytes())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// Runs the Go SDK's migrations: main URL [SCHEMA].
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
	_ "github.com/dbos-inc/dbos-transact-golang/dbos/driver/sqlite"
)

func run(args []string) error {
	if len(args) != 1 && len(args) != 2 {
		return errors.New("usage: URL [SCHEMA]")
	}
	config := dbos.Config{
		AppName:     "schemas",
		DatabaseURL: args[0],
		Logger:      slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	}
	if len(args) == 2 {
		config.DatabaseSchema = args[1]
	}
	// Making a context migrates; nothing is launched.
	ctx, err := dbos.NewContext(context.Background(), config)
	if err != nil {
		return err
	}
	return dbos.Shutdown(ctx, 10*time.Second)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Greet starts a workflow of a worker in another language and prints its result:
//
//	DBOS_SYSTEM_DATABASE_URL=sqlite:////tmp/system.sqlite go run ./examples/greet
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"dbosc.dev/dbosc"
)

func main() {
	if err := greet(); err != nil {
		log.Fatal(err)
	}
}

func greet() error {
	// [readme]
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, err := dbosc.Open(ctx, dbosc.Config{}) // $DBOS_SYSTEM_DATABASE_URL
	if err != nil {
		return err
	}
	defer client.Close()
	workflow, err := dbosc.EnqueueWorkflow[string](ctx, client, dbosc.EnqueueRequest{
		WorkflowName: "greet", QueueName: "greetings", Args: []any{"Ada"}})
	if err != nil {
		return err
	}
	greeting, err := workflow.GetResult(ctx)
	if failed := (*dbosc.WorkflowError)(nil); errors.As(err, &failed) {
		return fmt.Errorf("greet failed with %s: %s", failed.Name, failed.Message)
	}
	fmt.Println(greeting)
	// [/readme]
	return err
}

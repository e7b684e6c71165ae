package dbosc_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"dbosc.dev/dbosc"
)

// Makes a system database in a file, and starts a workflow that waits there for a worker.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "dbosc")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	client, err := dbosc.Open(ctx, dbosc.Config{
		SystemDatabaseURL: "sqlite:///" + filepath.Join(folder, "system.sqlite"),
		Lazy:              true,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if _, err := client.CreateSystemDatabase(ctx, dbosc.CreateSystemDatabaseRequest{}); err != nil {
		log.Fatal(err)
	}
	enqueued, err := client.Enqueue(ctx, dbosc.EnqueueRequest{
		WorkflowName: "greet", QueueName: "greetings", WorkflowID: "greet-ada", Args: []any{"Ada"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(enqueued.WorkflowID, enqueued.Outcome)
	for workflow, err := range client.AllWorkflows(ctx, dbosc.ListWorkflowsRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(workflow.Name, workflow.Status, string(workflow.Input))
	}
	// Output:
	// greet-ada created
	// greet ENQUEUED {"args":["Ada"],"kwargs":{}}
}

func ExampleAs() {
	count, err := dbosc.As[map[string]int]([]byte(`{"tea":2}`))
	fmt.Println(count["tea"], err)
	// Output: 2 <nil>
}

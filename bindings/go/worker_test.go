package dbosc_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"dbosc.dev/dbosc"
)

// python runs a program of the Python SDK until the test's end, and returns when it says READY.
func python(t *testing.T, script string, arguments ...string) {
	t.Helper()
	folder := os.Getenv("DBOSC_PYTHON_SDK")
	if folder == "" {
		t.Skip("DBOSC_PYTHON_SDK names no folder with a Python that has the SDK")
	}
	worker := exec.Command(filepath.Join(folder, "python"), append([]string{"-B", script}, arguments...)...)
	var complaints bytes.Buffer
	worker.Stderr = &complaints
	input, err := worker.StdinPipe()
	check(t, err)
	output, err := worker.StdoutPipe()
	check(t, err)
	check(t, worker.Start())
	t.Cleanup(func() {
		input.Close()
		_ = worker.Process.Kill()
		_ = worker.Wait()
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || line != "READY\n" {
		_ = worker.Process.Kill()
		_ = worker.Wait()
		t.Fatalf("the worker said %q, %v: %s", line, err, complaints.String())
	}
	go io.Copy(io.Discard, output)
}

func (w world) start(t *testing.T, name string, args ...any) *dbosc.Handle[any] {
	t.Helper()
	request := dbosc.EnqueueRequest{WorkflowName: name, QueueName: "q", Args: args}
	handle, err := dbosc.EnqueueWorkflow[any](soon(t), w.Client, request)
	check(t, err)
	return handle
}

func TestRealWorkersRunWhatIsEnqueued(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		python(t, "../../tests/interop/workers/python_worker.py", "work", w.url, "go-tests", "go-tests-1")

		t.Run("and their results are of the caller's type", func(t *testing.T) {
			request := dbosc.EnqueueRequest{WorkflowName: "echo", QueueName: "q",
				Args: []any{order{9007199254740993, "Ada 🙂", map[string]uint64{"tea": 2}, nil}}}
			handle, err := dbosc.EnqueueWorkflow[order](soon(t), w.Client, request)
			check(t, err)
			result, err := handle.GetResult(soon(t))
			check(t, err)
			if result.Number != 9007199254740993 || result.Customer != "Ada 🙂" || result.Note != nil {
				t.Errorf("the result is %+v", result)
			}
		})

		t.Run("and their errors come with name and message", func(t *testing.T) {
			_, err := w.start(t, "fail_portable", "Refused", "no 🙂", 7, []int{1}).GetResult(soon(t))
			var failed *dbosc.WorkflowError
			if !errors.As(err, &failed) || failed.Name != "PortableWorkflowError" || failed.Message != "no 🙂" ||
				string(failed.Code) != "7" || string(failed.Data) != "[1]" {
				t.Errorf("it failed with %v, %+v", err, failed)
			}
		})

		t.Run("and take messages and write streams meanwhile", func(t *testing.T) {
			relay := w.start(t, "relay")
			want := []any{"a", "🙂", nil}
			for _, message := range want {
				_, err := w.Send(soon(t), dbosc.SendRequest{
					DestinationID: relay.WorkflowID(), Message: message, Topic: "value"})
				check(t, err)
			}
			got := []any{}
			stream := dbosc.ReadStreamRequest{WorkflowID: relay.WorkflowID(), Key: "log"}
			for value, err := range dbosc.StreamValues[any](soon(t), w.Client, stream) {
				check(t, err)
				got = append(got, value)
			}
			if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
				t.Errorf("the stream has %v", got)
			}
			check(t, relay.Cancel(soon(t)))
		})

		t.Run("and set events", func(t *testing.T) {
			workflow := w.start(t, "set_event", map[string]any{"at": 3})
			event, err := w.GetEvent(soon(t), dbosc.GetEventRequest{
				WorkflowID: workflow.WorkflowID(), Key: "value", Timeout: dbosc.Ptr(patience)})
			check(t, err)
			if !event.Found || string(event.Value) != `{"at":3}` {
				t.Errorf("the event is %+v", event)
			}
		})
	})
}

func TestExampleOfThePageGreets(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		python(t, "../../examples/quickstart_worker.py", w.url)
		greet := exec.Command("go", "run", "./examples/greet")
		greet.Env = append(os.Environ(), "DBOS_SYSTEM_DATABASE_URL="+w.url, "GOEXPERIMENT=")
		said, err := greet.CombinedOutput()
		if err != nil || string(said) != "Hello, Ada! This is a Python worker.\n" {
			t.Errorf("it says %q, %v", said, err)
		}
	})
}

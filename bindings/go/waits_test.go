package dbosc_test

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"testing"

	"dbosc.dev/dbosc"
)

const (
	manyWaits   = 10_000
	mostThreads = 16
	// The database and the workflow of a program that waits.
	waitsURL      = "DBOSC_GO_WAITS_URL"
	waitsWorkflow = "DBOSC_GO_WAITS_WORKFLOW"
)

func TestMain(m *testing.M) {
	if os.Getenv(waitsURL) != "" {
		if err := waitManyTimes(os.Getenv(waitsURL), os.Getenv(waitsWorkflow)); err != nil {
			log.Fatal(err)
		}
		return
	}
	os.Exit(m.Run())
}

// waitManyTimes prints how many threads the process has while all wait, and ends with them.
func waitManyTimes(address, workflow string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := dbosc.Open(ctx, dbosc.Config{SystemDatabaseURL: address})
	if err != nil {
		return err
	}
	defer client.Close()
	handle := dbosc.HandleOf[string](client, workflow)
	ended := make(chan error, manyWaits)
	for range manyWaits {
		go func() {
			result, err := handle.GetResult(ctx)
			if err == nil && result != "done" {
				err = fmt.Errorf("the result is %s", result)
			}
			ended <- err
		}()
	}
	if err := eventually(func() bool { return client.InFlight() == manyWaits }); err != nil {
		return err
	}
	fmt.Println(threads())
	for range manyWaits {
		if err := <-ended; err != nil {
			return err
		}
	}
	return nil
}

func threads() int {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return -1
	}
	return len(tasks)
}

// threadsOfWaits is how many threads a program of its own has that waits so often.
func (w world) threadsOfWaits(t *testing.T) (count int) {
	t.Helper()
	id := w.enqueue(t)
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), waitsURL+"="+w.url, waitsWorkflow+"="+id, "GOMAXPROCS=2")
	program.Stderr = os.Stderr
	output, err := program.StdoutPipe()
	check(t, err)
	check(t, program.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("it said %q, %v, %v", line, err, program.Wait())
	}
	_, err = fmt.Sscan(line, &count)
	check(t, err)
	w.end(t, id, dbosc.StatusSuccess, "done", nil)
	check(t, program.Wait())
	return count
}

func TestTenThousandWaitsOccupyNoThreads(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		// Go makes another thread where one is held up, and keeps it: a busy machine may show more
		// than waits need, so that the fewest of some programs counts.
		fewest := w.threadsOfWaits(t)
		for tries := 1; fewest > mostThreads && tries < 5; tries++ {
			fewest = min(fewest, w.threadsOfWaits(t))
		}
		if fewest > mostThreads {
			t.Errorf("%d waits occupy %d threads", manyWaits, fewest)
		}
		t.Logf("%d threads", fewest)
	})
}

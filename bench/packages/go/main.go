// Contender: the Go package of ours, for `enqueue`. Interface: see ../../README.md.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"dbosc.dev/dbosc"
)

type arguments map[string]string

func (a arguments) number(key string, otherwise int) int {
	if value, err := strconv.Atoi(a[key]); err == nil {
		return value
	}
	return otherwise
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpuSeconds() float64 {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

func peakKilobytes() int64 {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return used.Maxrss
}

// shared runs work n times over c callers; how long each time took.
func shared(n, c int, work func()) []time.Duration {
	took := make([][]time.Duration, c)
	var callers sync.WaitGroup
	for caller := range c {
		callers.Go(func() {
			for i := caller; i < n; i += c {
				start := time.Now()
				work()
				took[caller] = append(took[caller], time.Since(start))
			}
		})
	}
	callers.Wait()
	return slices.Concat(took...)
}

func enqueue(a arguments) map[string]any {
	config := dbosc.Config{SystemDatabaseURL: a["url"]}
	config.PoolSize = int64(a.number("pool", 0))
	ctx := context.Background()
	client, err := dbosc.Open(ctx, config)
	check(err)
	defer client.Close()
	payload := strings.Repeat("x", a.number("size", 100))
	work := func() {
		_, err := client.Enqueue(ctx, dbosc.EnqueueRequest{WorkflowName: "perf_wf", QueueName: "perf_q", Args: []any{payload}})
		check(err)
	}
	n, c := a.number("n", 1), a.number("c", 1)
	shared(a.number("warm", 0), c, work)
	cpu, start := cpuSeconds(), time.Now()
	took := shared(n, c, work)
	seconds, used := time.Since(start).Seconds(), cpuSeconds()-cpu
	slices.Sort(took)
	microseconds := func(part int) float64 { return float64(took[min(len(took)-1, len(took)*part/100)].Nanoseconds()) / 1e3 }
	return map[string]any{"n": n, "secs": seconds, "cpu_s": used, "p50_us": microseconds(50), "p99_us": microseconds(99),
		"rss_kb": peakKilobytes()}
}

func main() {
	a := arguments{}
	for _, argument := range os.Args[1:] {
		if key, value, found := strings.Cut(argument, "="); found {
			a[key] = value
		}
	}
	result := map[string]any{"unsupported": 1}
	if a["op"] == "enqueue" {
		result = enqueue(a)
	}
	text, err := json.Marshal(result)
	check(err)
	fmt.Printf("RESULT %s\n", text)
}

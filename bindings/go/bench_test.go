package dbosc_test

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"dbosc.dev/dbosc"
)

// `go test -run NONE -bench .` shows what the package costs above C, and what waits cost.

// A call that the library refuses without the database: the crossing alone.
func BenchmarkRefusedCall(b *testing.B) {
	w := onSQLite(b)
	b.Run("Go", func(b *testing.B) {
		for b.Loop() {
			_, _ = w.Call(context.Background(), "no_operation", nil)
		}
	})
	b.Run("C", func(b *testing.B) {
		for b.Loop() {
			w.CallInC("no_operation", "{}")
		}
	})
}

// A call with a small reply.
func BenchmarkSchemaVersion(b *testing.B) {
	for name, on := range map[string]func(testing.TB) world{"SQLite": onSQLite, "Postgres": onPostgres} {
		w := on(b)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		b.Run(name+"/Go", func(b *testing.B) {
			for b.Loop() {
				_, err := w.GetSchemaVersion(ctx, dbosc.GetSchemaVersionRequest{})
				check(b, err)
			}
		})
		b.Run(name+"/C", func(b *testing.B) {
			for b.Loop() {
				w.CallInC("get_schema_version", "{}")
			}
		})
	}
}

func BenchmarkEnqueue(b *testing.B) {
	for name, on := range map[string]func(testing.TB) world{"SQLite": onSQLite, "Postgres": onPostgres} {
		w := on(b)
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(8)
			b.RunParallel(func(loop *testing.PB) {
				for loop.Next() {
					w.enqueue(b, "Ada")
				}
			})
		})
	}
}

// A thousand waits at once: what they hold while nothing comes.
func BenchmarkThousandWaits(b *testing.B) {
	w := onSQLite(b)
	id := w.enqueue(b)
	const waits = 1000
	memory := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapInuse + stats.StackInuse
	}
	for b.Loop() {
		before := memory()
		ctx, cancel := context.WithCancel(context.Background())
		var all sync.WaitGroup
		for range waits {
			all.Go(func() { _, _ = w.GetResult(ctx, dbosc.GetResultRequest{WorkflowID: id}) })
		}
		until(b, "all wait", func() bool { return w.InFlight() == waits })
		b.ReportMetric(float64(threads()), "threads")
		b.ReportMetric(float64(memory()-before)/waits, "B/wait")
		cancel()
		all.Wait()
	}
}

package dbosc

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"dbosc.dev/dbosc/internal/raw"
)

// logging is what LogTo began last; the library has one log.
var logging struct {
	sync.Mutex
	current *logTaker
}

// logTaker hands the lines of the library's queue to a logger.
type logTaker struct {
	logger *slog.Logger
	ended  chan struct{}
}

// LogTo has the library tell logger what it tells of itself, for the whole process and all its
// clients: connections that are lost and come back, clients that open and close, and at the level
// Debug retries and calls (docs/logging.md lists the events). It tells what logger is enabled for
// now, and ends what an earlier LogTo began. It holds one thread until stop is called, which
// returns when all that was told before is logged.
func LogTo(logger *slog.Logger) (stop func(), err error) {
	logging.Lock()
	defer logging.Unlock()
	if logging.current != nil {
		logging.current.stop()
	}
	if failed := queueLog(lowest(logger)); failed != nil {
		return nil, failed
	}
	taker := &logTaker{logger: logger, ended: make(chan struct{})}
	logging.current = taker
	go taker.run()
	return func() {
		logging.Lock()
		defer logging.Unlock()
		if logging.current == taker {
			taker.stop()
		}
	}, nil
}

func (t *logTaker) run() {
	defer close(t.ended)
	for t.next(-1) {
	}
}

// next logs the queue's oldest line; false where there is none within the time, or no queue.
func (t *logTaker) next(timeoutMs int64) bool {
	next := raw.Raw_log_next(timeoutMs)
	defer raw.Raw_outcome_free(next)
	if raw.Raw_status(next) != 0 {
		return false
	}
	t.log(raw.Raw_reply(next))
	return true
}

// stop is for who holds the lock of logging. What is in the queue when it ends is lost.
func (t *logTaker) stop() {
	for t.next(0) {
	}
	_ = queueLog("off") // fails in a callback of the log only, and there is none
	<-t.ended
	logging.current = nil
}

// lowest is the library's word for the lowest level that the logger takes.
func lowest(logger *slog.Logger) string {
	for _, each := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if logger.Enabled(context.Background(), each) {
			return strings.ToLower(each.String())
		}
	}
	return "off"
}

func queueLog(level string) error {
	queued := raw.Raw_queue_log(level)
	defer raw.Raw_outcome_free(queued)
	if failed := failure(queued); failed != nil {
		return failed
	}
	return nil
}

// log hands one line on: its time, level and message as the logger's own, the rest as attributes.
func (t *logTaker) log(line string) {
	told := map[string]any{}
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&told); err != nil {
		t.logger.Error("dbosc told what is no JSON", "line", line)
		return
	}
	take := func(key string) string {
		text, _ := told[key].(string)
		delete(told, key)
		return text
	}
	var level slog.Level
	_ = level.UnmarshalText([]byte(take("level"))) // Info where it were none
	at, _ := time.Parse(time.RFC3339Nano, take("time"))
	record := slog.NewRecord(at, level, take("message"), 0)
	for key, value := range told {
		record.Add(key, value)
	}
	if t.logger.Enabled(context.Background(), level) {
		_ = t.logger.Handler().Handle(context.Background(), record) // as slog does with what a handler says
	}
}

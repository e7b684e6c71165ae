// Firings as the Go SDK's scheduler computes them: robfig/cron of the version that the SDK brings, with the SDK's
// options and its way of naming the zone. Reads [expression, zone, start, count] lines; answers with epoch seconds,
// "never" ending a short list, or "refused".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	_ "github.com/dbos-inc/dbos-transact-golang/dbos"
	"github.com/robfig/cron/v3"
)

type question struct {
	expression, zone string
	start            int64
	count            int
}

func (q *question) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&q.expression, &q.zone, &q.start, &q.count})
}

var parser = cron.NewParser(
	cron.Second | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

func parse(expression, zone string) (schedule cron.Schedule, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("%v", thrown)
		}
	}()
	if expression == "" {
		return nil, fmt.Errorf("a schedule is required")
	}
	return parser.Parse("CRON_TZ=" + zone + " " + expression)
}

func answer(q question) any {
	schedule, err := parse(q.expression, q.zone)
	if err != nil {
		return "refused"
	}
	found := []any{}
	last := time.Unix(q.start, 0).UTC()
	for len(found) < q.count {
		last = schedule.Next(last)
		if last.IsZero() {
			return append(found, "never")
		}
		found = append(found, last.Unix())
	}
	return found
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			panic(err)
		}
		text, err := json.Marshal(answer(q))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(text))
	}
}

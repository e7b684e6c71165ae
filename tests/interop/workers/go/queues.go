package main

import (
	"errors"
	"math"
	"sort"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
)

type rateLimit struct {
	Limit    int   `json:"limit"`
	PeriodMs int64 `json:"period_ms"`
}

func milliseconds(limit *dbos.RateLimiter) *rateLimit {
	if limit == nil {
		return nil
	}
	return &rateLimit{limit.Limit, int64(math.Round(limit.Period.Seconds() * 1000))}
}

func (c command) queueOptions() []dbos.QueueOption {
	options := []dbos.QueueOption{dbos.WithQueueOnConflict(dbos.QueueConflictAlwaysUpdate)}
	count := func(value *int, option func(int) dbos.QueueOption) {
		if value != nil {
			options = append(options, option(*value))
		}
	}
	limit := func(value *rateLimit, option func(*dbos.RateLimiter) dbos.QueueOption) {
		if value != nil {
			period := time.Duration(value.PeriodMs) * time.Millisecond
			options = append(options, option(&dbos.RateLimiter{Limit: value.Limit, Period: period}))
		}
	}
	count(c.GlobalConcurrency, dbos.WithGlobalConcurrency)
	count(c.WorkerConcurrency, dbos.WithWorkerConcurrency)
	limit(c.RateLimit, dbos.WithRateLimiter)
	count(c.PartitionConcurrency, dbos.WithPartitionConcurrency)
	count(c.PartitionWorkerConcurrency, dbos.WithPartitionWorkerConcurrency)
	limit(c.PartitionRateLimit, dbos.WithPartitionRateLimiter)
	if c.PollingIntervalMs > 0 {
		options = append(options, dbos.WithQueueBasePollingInterval(time.Duration(c.PollingIntervalMs)*time.Millisecond))
	}
	if c.Application != "" {
		options = append(options, dbos.WithQueueApplicationName(c.Application))
	}
	return options
}

func queue(client dbos.Client, name string) (any, error) {
	q, err := dbos.RetrieveQueue(client, name)
	if errors.Is(err, dbos.ErrQueueNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var application any
	if name := q.GetApplicationName(); name != "" {
		application = name
	}
	return map[string]any{
		"name": q.GetName(), "global_concurrency": q.GetGlobalConcurrency(), "worker_concurrency": q.GetWorkerConcurrency(),
		"rate_limit": milliseconds(q.GetRateLimit()), "partition_concurrency": q.GetPartitionConcurrency(),
		"partition_worker_concurrency": q.GetPartitionWorkerConcurrency(), "partition_rate_limit": milliseconds(q.GetPartitionRateLimit()),
		"polling_interval_ms": q.GetPollingInterval().Milliseconds(), "application_name": application,
	}, nil
}

func queues(client dbos.Client, application string) (any, error) {
	listed, err := dbos.ListQueues(client, dbos.WithListQueuesApplicationNames(application))
	names := []string{}
	for _, q := range listed {
		names = append(names, q.GetName())
	}
	sort.Strings(names)
	return names, err
}

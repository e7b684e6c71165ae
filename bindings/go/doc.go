// Package dbosc is a client for DBOS applications: it starts durable workflows, waits for their
// results, sends them messages, reads their events and streams, and lists and manages them, on the
// system database that the workers share (Postgres or SQLite). The workers themselves are programs
// of the DBOS SDKs.
//
// Every operation is a method of [Client], and those that can join a transaction are methods of
// [Tx] too. A request is a struct whose unset fields are not sent; fields for which zero says
// something are pointers, see [Ptr]. Payloads (arguments, messages, results) go in as any value
// that encoding/json takes and come out as [json.RawMessage] with every digit; [As] makes a value
// of one.
//
// # Contexts
//
// A context that ends, ends its call at once; the error then is both a [*Error] and the context's,
// for [errors.Is]. Where a change was under way the error says by its Status whether it can have
// been made: [ErrOutcomeUnknown] says that nobody knows, any other that it was not.
//
// # Goroutines and threads
//
// A Client may be used by any number of goroutines. Calls occupy no thread while they wait: ten
// thousand goroutines in GetResult share the one that takes the answers.
//
// # Errors
//
// Errors of the library are [*Error]. [errors.Is] tells them apart by [Status] (ErrNotFound) and
// by [Kind] (ErrQueueDeduplicated); a workflow that failed is a [*WorkflowError] besides.
package dbosc

package dbosc

import (
	"context"
	"iter"
)

// pageSize is how many workflows AllWorkflows asks for at a time where its request does not say.
const pageSize = 500

// AllWorkflows lists workflows one after the other, a page at a time: the request's Limit is the
// size of a page. An error is the last that it gives.
func (c *Client) AllWorkflows(ctx context.Context, request ListWorkflowsRequest) iter.Seq2[Workflow, error] {
	if request.Limit == 0 {
		request.Limit = pageSize
	}
	return func(yield func(Workflow, error) bool) {
		for page := request; ; {
			reply, err := c.ListWorkflows(ctx, page)
			if err != nil {
				yield(Workflow{}, err)
				return
			}
			for _, workflow := range reply.Workflows {
				if !yield(workflow, nil) {
					return
				}
			}
			if reply.NextCursor == "" {
				return
			}
			page.Cursor, page.Offset = reply.NextCursor, 0
		}
	}
}

// StreamValues reads a stream from the request's Offset and goes on while the workflow writes it,
// until it is closed or the context ends, or nothing came for the request's Timeout where there is
// one. An error is the last that it gives.
func StreamValues[T any](ctx context.Context, client *Client, request ReadStreamRequest) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for page := request; ; {
			reply, err := client.ReadStream(ctx, page)
			if err != nil {
				yield(none, err)
				return
			}
			for _, payload := range reply.Values {
				value, err := As[T](payload)
				if !yield(value, err) || err != nil {
					return
				}
			}
			ranOut := request.Timeout != nil && len(reply.Values) == 0
			if reply.Closed || ranOut {
				return
			}
			page.Offset = reply.NextOffset
		}
	}
}

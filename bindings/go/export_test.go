package dbosc

import "dbosc.dev/dbosc/internal/raw"

// InFlight is how many calls have been submitted and not answered.
func (c *Client) InFlight() int {
	c.core.mu.Lock()
	defer c.core.mu.Unlock()
	return c.core.outstanding
}

// CallInC is the blocking call of the C API, for a benchmark to compare with.
func (c *Client) CallInC(operation, request string) {
	raw.Raw_outcome_free(raw.Raw_call(c.core.client, operation, request, nil))
}

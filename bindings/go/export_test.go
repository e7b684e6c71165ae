package dbosc

// InFlight is how many calls have been submitted and not answered.
func (c *Client) InFlight() int {
	c.core.mu.Lock()
	defer c.core.mu.Unlock()
	return c.core.outstanding
}

"""Pages of heartbeats, the address that jobs call, and badges."""

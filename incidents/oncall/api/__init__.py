"""What programs ask of on-call, and do to it."""

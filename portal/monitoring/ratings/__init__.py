"""Whether alerts are useful or noise: rating them from a message, and the report of the noisiest."""

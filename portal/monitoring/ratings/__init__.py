"""Whether alerts are useful or noise: ratings by a link, and the report of the noisiest."""

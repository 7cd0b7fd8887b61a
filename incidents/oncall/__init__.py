"""Who is on call: rotations, overrides, swaps, and what they come to."""

"""Intakes: where tools send alerts to, what they send, and what they are answered."""

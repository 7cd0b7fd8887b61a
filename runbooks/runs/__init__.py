"""Runs of runbooks: followed step by step, logged and counted."""

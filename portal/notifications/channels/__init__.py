"""Channels of teams and of everybody: pages and API."""

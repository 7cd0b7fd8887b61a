"""Numbers that every side has to know, also one that has nothing of ours."""

HEARTBEATS = 1000

"""Numbers that every side has to know, also one that has nothing of ours."""

HEARTBEATS = 1000
OPEN_INCIDENTS = 5  # fewer than a page: a list of them has read all that may be open

"""What people are told by this app."""

from .oncall import notices as oncall

TITLE = "On-call"
KINDS = oncall.KINDS

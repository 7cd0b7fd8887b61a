"""This app in the admin: to read; its verbs are on its pages."""

from . import incidents, oncall

DESK = (*incidents.DESK, *oncall.DESK)

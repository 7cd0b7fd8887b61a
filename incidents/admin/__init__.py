"""This app in the admin: to read, with the verbs of its pages."""

from .oncall import DESK

__all__ = ["DESK"]

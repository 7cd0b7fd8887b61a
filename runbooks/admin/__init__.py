"""Where staff write, review and publish; every change goes through the verbs of the models."""

from . import library, people_say, runbook, versions

__all__ = ["library", "people_say", "runbook", "versions"]

"""Where staff write, review and publish; every change goes through the verbs of the models."""

from runbooks.alerts import admin as alerts
from runbooks.documents.admin import feedback, images, links, runbook, templates, versions

from .desk import DESK

__all__ = ["DESK", "alerts", "feedback", "images", "links", "runbook", "templates", "versions"]

"""Where staff write guides and questions; every change goes through the verbs of the models."""

from onboarding.guides.admin import guides, steps
from onboarding.progress import admin as progress
from onboarding.support.admin import questions, stuck
from onboarding.videos import admin as videos

from .desk import DESK

__all__ = ["DESK", "guides", "progress", "questions", "steps", "stuck", "videos"]

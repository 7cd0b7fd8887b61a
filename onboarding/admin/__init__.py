"""Where authors keep guides; every change goes through the verbs of the models."""

from . import videos

__all__ = ["videos"]

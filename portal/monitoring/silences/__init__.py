"""Silences and snoozes: what people mute, until when, and why."""

"""What a form shows of a cron expression before it is saved: in words, and its next runs."""

from datetime import datetime
from typing import Any

from django import forms

from portal.core.data import schedules


class ScheduleForm(forms.Form):
    """A cron expression whose next runs somebody wants to see."""

    cron = forms.CharField(max_length=schedules.LONGEST_CRON, required=False)
    zone = forms.CharField(max_length=64, required=False)

    def clean_cron(self) -> str:
        text = self.cleaned_data["cron"]
        return schedules.normalised(text) if text else ""

    def clean_zone(self) -> str:
        return schedules.known_zone(self.cleaned_data["zone"] or "UTC")


def next_runs(cron: str | None, zone: str | None, at: datetime) -> dict[str, Any]:
    """For `monitoring/_next_runs.html`: words, runs and zone; or what is wrong; or nothing."""
    asked = ScheduleForm({"cron": cron or "", "zone": zone or ""})
    if not asked.is_valid():
        return {"wrong": [told for each in asked.errors.values() for told in each]}
    cron, zone = asked.cleaned_data["cron"], asked.cleaned_data["zone"]
    if not cron:
        return {}
    runs = schedules.next_runs(cron, zone, at)
    return {"words": schedules.in_words(cron), "runs": runs, "zone": zone}


def next_runs_of(form: forms.BaseForm, at: datetime) -> dict[str, Any]:
    """The same of a form with both fields; nothing where they say themselves what is wrong."""
    if form.is_bound and {"cron", "zone"} & {*form.errors}:
        return {}
    return next_runs(form["cron"].value(), form["zone"].value(), at)

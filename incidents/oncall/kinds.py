"""The kinds of messages about on-call shifts; apart, as models import what tells of them."""

from portal.notifications.models import Kind

READ = "incidents.view_rotation"
SHIFTS = Kind("oncall-shifts", "Your on-call shift begins, or begins tomorrow", permission=READ)
CHANGED = Kind(
    "oncall-changes",
    "Somebody changes your on-call shifts, or answers your swap",
    permission=READ,
)
KINDS = (SHIFTS, CHANGED)

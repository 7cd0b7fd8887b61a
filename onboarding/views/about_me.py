"""What is recorded about the person who asks."""

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.models import Assignment, Progress, QuestionFeedback, StuckReport

from .finding import reading

SHOWN = 200


@require_safe
@reading
def me(request):
    """Guides, ticks, visible time, reports, assignments and judgements, and how long they stay."""
    ticked = Count("steps", filter=Q(steps__done_at__isnull=False))
    progress = Progress.objects.of(request.user).select_related("guide", "version")
    progress = progress.defer("version__content").annotate(
        ticked=ticked, seconds=Sum("steps__seconds")
    )
    reports = StuckReport.objects.of(request.user).select_related("guide", "version")
    judged = QuestionFeedback.objects.filter(user=request.user).select_related("question")
    context = {
        "progress": progress[:SHOWN],
        "reports": reports.defer("version__content")[:SHOWN],
        "asked": _asked(request.user),
        "judged": judged.order_by("-at")[:SHOWN],
        "days": getattr(settings, "ANONYMISE_PROGRESS_DAYS", 0),
    }
    return render(request, "onboarding/me.html", context)


def _asked(user) -> list:
    rows = Assignment.objects.of(user).select_related("guide", "team")[:SHOWN]
    return [(row, row.due_for(user)) for row in rows]

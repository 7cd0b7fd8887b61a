"""What is recorded about the person who asks."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.guides.views.access import reading
from onboarding.privacy.export import Recorded


@require_safe
@reading
def me(request):
    """All that is kept about this person, and for how long."""
    context = {"recorded": Recorded(request.user), "days": settings.ANONYMISE_PROGRESS_DAYS}
    return render(request, "onboarding/me.html", context)

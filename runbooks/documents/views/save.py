"""What the editor and the merge page answer once a text is saved."""

from django.contrib import messages
from django.shortcuts import redirect

from runbooks.models import WorkingCopy


def saved(request, version):
    """After a save: nothing unfinished is left, and the review is asked for if so wanted."""
    WorkingCopy.objects.of(request.user, version.runbook).delete()
    if request.POST.get("action") == "submit":
        version.submit(by=request.user)
        messages.success(request, f"v{version.number} is saved and waits for a review.")
    else:
        messages.success(request, f"v{version.number} is saved as a draft.")
    return redirect(version)

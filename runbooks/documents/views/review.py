"""The verbs of a version, from draft to published."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from portal.core.web.refusals import verb
from runbooks.documents.forms import RejectForm, ReviewForm
from runbooks.documents.status import said_of_restored

from .access import version_of
from .comparison import comparison


def at_version(slug, number) -> str:
    return reverse("runbooks:version", args=[slug, number])


def at_review(slug, number) -> str:
    return reverse("runbooks:review", args=[slug, number])


@verb("runbooks.add_version", page=at_version)
def submit(request, slug, number):
    version = version_of(request, slug, number)
    version.submit(by=request.user)
    messages.success(request, f"v{number} waits for somebody else's review.")
    return redirect(version)


@verb("runbooks.approve_version", page=at_review)
def approve(request, slug, number):
    version, form = version_of(request, slug, number), ReviewForm(request.POST)
    if not form.is_valid():
        return _again(request, version, form)
    version.approve(by=request.user, note=form.cleaned_data["note"])
    messages.success(request, f"v{number} is approved. Readers see it once it is published.")
    return redirect(version)


@verb("runbooks.approve_version", page=at_review)
def reject(request, slug, number):
    version, form = version_of(request, slug, number), RejectForm(request.POST)
    if not form.is_valid():
        return _again(request, version, form)
    version.reject(by=request.user, note=form.cleaned_data["note"])
    messages.success(request, f"v{number} went back to {version.author_name or 'its author'}.")
    return redirect(version)


@verb("runbooks.publish_version", page=at_version)
def publish(request, slug, number):
    version = version_of(request, slug, number)
    version.publish(by=request.user)
    messages.success(request, f"v{number} is what readers see from now on.")
    return redirect(version.runbook)


@verb("runbooks.add_version", page=at_version)
def withdraw(request, slug, number):
    version = version_of(request, slug, number)
    version.withdraw(by=request.user)
    messages.success(request, f"v{number} is withdrawn. Its text stays in the history.")
    return redirect("runbooks:history", slug)


@verb("runbooks.add_version", page=at_version)
def restore(request, slug, number):
    runbook = version_of(request, slug, number).runbook
    restored = runbook.restore(number, by=request.user)
    messages.success(request, said_of_restored(restored))
    return redirect(restored)


def _again(request, version, form):
    """The same page with what was typed and what is wrong with it."""
    old = version.runbook.published_number
    return comparison(request, version.runbook.slug, old, version, form=form, status=400)

"""The buttons of a runbook: each is a verb of its model, offered to whom it is allowed."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.data.columns import longest
from portal.core.markdown import MarkdownError
from portal.core.problems import DomainError
from portal.search.query import search
from runbooks.alerts.nearest import nearest
from runbooks.documents.forms import MergeIntoForm, version_numbered
from runbooks.documents.status import said_of_restored
from runbooks.models import Runbook, Version
from runbooks.problems import WrongState

CHANGE, APPROVE = "runbooks.change_runbook", "runbooks.approve_version"
PUBLISH, ARCHIVE = "runbooks.publish_version", "runbooks.archive_runbook"
MERGE = "runbooks.merge_runbook"
NEAR = 12


@dataclass(frozen=True)
class Verb:
    """A button; `asks` is the label of the note that goes with it."""

    name: str
    label: str
    permission: str
    done: str
    of_version: bool = False
    asks: str = ""
    primary: bool = False
    note_required: bool = False

    def act(self, runbook: Runbook, number: str, by, note: str) -> str:
        """Do it and say what was done. Raises DomainError."""
        if not self.of_version:
            getattr(runbook, self.name)(by=by)
            return self.done
        version = version_of(runbook, number)
        details = {"note": self._checked(note)} if self.asks else {}
        getattr(version, self.name)(by=by, **details)
        return self.done.format(version=f"v{version.number}")

    def _checked(self, note: str) -> str:
        if self.note_required and not note:
            raise WrongState("Say what has to change before you send it back.")
        return note[: longest(Version, "review_note")]


def version_of(runbook: Runbook, number: str) -> Version:
    """The version that the button was shown for."""
    version = version_numbered(runbook, number)
    if version is None:
        raise WrongState("There is no such version. Reload the page.")
    return version


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "submit",
            "Submit for review",
            CHANGE,
            "Sent {version} to review.",
            True,
            primary=True,
        ),
        Verb(
            "approve",
            "Approve",
            APPROVE,
            "Approved {version}.",
            True,
            "Note",
            primary=True,
        ),
        Verb(
            "reject",
            "Send back",
            APPROVE,
            "Sent {version} back to its author.",
            True,
            "What has to change",
            note_required=True,
        ),
        Verb(
            "publish",
            "Publish",
            PUBLISH,
            "Published {version}: it is what readers see now.",
            True,
            primary=True,
        ),
        Verb("withdraw", "Withdraw", CHANGE, "Withdrew {version}.", True),
        Verb("confirm_review", "Mark as reviewed", CHANGE, "Marked as reviewed."),
        Verb("archive", "Archive", ARCHIVE, "The runbook is archived."),
        Verb(
            "unarchive",
            "Unarchive",
            ARCHIVE,
            "The runbook is back in lists and search.",
        ),
    )
}


def offered(runbook: Runbook, version: Version | None, user) -> list[Verb]:
    """The verbs that fit the state and that this person may use."""
    fitting = [*_of_version(version, user), *_of_runbook(runbook)]
    return [VERBS[name] for name in fitting if user.has_perm(VERBS[name].permission)]


def _of_version(version: Version | None, user) -> list[str]:
    if version is None:
        return []
    if version.is_draft:
        return ["submit", "withdraw"]
    if version.is_approved:
        doubted = version.is_inherited and version.author_id != user.pk
        return ["publish", *(["reject"] if doubted else []), "withdraw"]
    return ["withdraw"] if version.author_id == user.pk else ["approve", "reject", "withdraw"]


def _of_runbook(runbook: Runbook) -> list[str]:
    if runbook.archived_at:
        return [] if runbook.merged_into_id else ["unarchive"]
    today = timezone.localdate()
    asked = runbook.published_id and (runbook.is_stale(on=today) or runbook.is_due_soon(on=today))
    return ["confirm_review", "archive"] if asked else ["archive"]


class Verbs:
    """The addresses of the buttons, for RunbookAdmin."""

    def get_urls(self):
        guarded = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/verbs/<slug:name>/",
                guarded(require_POST(self.verb_view)),
                name="runbooks_runbook_verb",
            ),
            path(
                "<int:pk>/restore/",
                guarded(require_POST(self.restore_view)),
                name="runbooks_runbook_restore",
            ),
            path(
                "<int:pk>/forget/",
                guarded(require_POST(self.forget_view)),
                name="runbooks_runbook_forget",
            ),
            path(
                "forget/",
                guarded(require_POST(self.forget_view)),
                name="runbooks_runbook_forget",
            ),
            path(
                "<int:pk>/merge/",
                guarded(require_http_methods(["GET", "HEAD", "POST"])(self.merge_view)),
                name="runbooks_runbook_merge",
            ),
            *super().get_urls(),
        ]

    def verb_view(self, request, pk, name):
        """One verb on a runbook, or on the version that the page showed."""
        if name not in VERBS:
            raise Http404
        verb = VERBS[name]
        number, note = (
            request.POST.get("version", ""),
            request.POST.get("note", "").strip(),
        )
        return self._act(
            request,
            pk,
            verb.permission,
            lambda runbook: verb.act(runbook, number, request.user, note),
        )

    def restore_view(self, request, pk):
        """A new draft that copies an old version."""

        def restore(runbook):
            old = version_of(runbook, request.POST.get("version", ""))
            version = runbook.restore(old.number, by=request.user)
            return said_of_restored(version)

        return self._act(request, pk, CHANGE, restore)

    def forget_view(self, request, pk=None):
        """Throw away what was typed and not saved."""
        self._allow(request, CHANGE)
        request.user.working_copies.filter(runbook=pk).delete()
        messages.success(request, "What you had typed was discarded.")
        return HttpResponseRedirect(_page(pk))

    def merge_view(self, request, pk):
        """Choose, among those that were found, the runbook that stands for this one."""
        self._allow(request, MERGE)
        runbook = self._found(request, pk)
        form = MergeIntoForm(request.POST or None, rows=Runbook.objects.current())
        if request.method == "POST" and form.is_valid():
            other = form.cleaned_data["target"]
            return self._act(request, pk, MERGE, lambda found: _merge(found, other, request.user))
        query = request.GET.get("q", "").strip()
        found = _found(query, runbook.title, user=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": "Merge into another runbook",
            "subtitle": str(runbook),
            "opts": self.opts,
            "original": runbook,
            "form": form,
            "query": query,
            "found": [other for other in found if other.slug != runbook.slug],
        }
        return TemplateResponse(request, "admin/runbooks/runbook/merge.html", context)

    def _act(self, request, pk, permission, act):
        self._allow(request, permission)
        runbook = self._found(request, pk)
        try:
            done = act(runbook)
        except (DomainError, MarkdownError) as refusal:
            messages.error(request, str(refusal))
        else:
            self.log_change(request, runbook, done)
            messages.success(request, done)
        return HttpResponseRedirect(_page(pk))

    def _allow(self, request, permission):
        if not request.user.has_perm(permission):
            raise PermissionDenied

    def _found(self, request, pk):
        runbook = self.get_object(request, str(pk))
        if runbook is None:
            raise Http404
        return runbook


def _found(query: str, title: str, *, user) -> list:
    """What answers the query, or what comes nearest to the title while nothing is asked."""
    return (
        search(query, user=user, kinds=["runbook"], limit=NEAR).hits
        if query
        else nearest(title, user=user)
    )


def _merge(runbook, other, by) -> str:
    runbook.merge_into(other, by=by)
    return f"Its address and alerts lead to “{other}” from now on."


def _page(pk) -> str:
    if pk is None:
        return reverse("admin:runbooks_runbook_add")
    return reverse("admin:runbooks_runbook_change", args=[pk])

"""Runbooks from a file, for authors who have no shell there."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from portal.core.media.archives import ArchiveRefused, unpacked
from portal.core.ops.slots import slot
from portal.core.problems import Busy

from .drafts import DraftImport
from .forms import FORMS, ImportForm
from .page import Result
from .tree import Tree

WRITES = (
    *("runbooks.add_runbook", "runbooks.change_runbook", "runbooks.add_version"),
    "runbooks.add_image",
)
MOST_DOCUMENTS, MOST_PICTURES = 300, 100
MOST_TEXT = 4 * 1024 * 1024  # bytes; a minute of a busy machine, after which a proxy gives up
NOTHING = "There is nothing in it to read: Markdown files and pictures are."


def may_import(user) -> bool:
    return user.has_perms(WRITES)


@csrf_exempt  # asked below, once it is known who sends; portal.wsgi
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(WRITES, raise_exception=True)
def files(request):
    """A file, and then what became of each document and picture in it."""
    return _files(request)


@csrf_protect
def _files(request):
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        with slot("imports"):
            result = _read(request, form)
    except ArchiveRefused as refusal:
        form.add_error("file", refusal.detail)
        return _page(request, form, status=400)
    except Busy as busy:
        form.add_error(None, f"Somebody else is importing. {busy.detail}")
        return _page(request, form, status=busy.status)
    if result.only:
        return _opened(request, result.only)
    return _page(request, form, result=result, status=400 if result.is_refused else 200)


def _read(request, form) -> Result:
    """Raises ArchiveRefused, and Busy while another import is running on this machine."""
    given = form.cleaned_data
    with unpacked(given["file"], given["file"].name or "", FORMS) as folder:
        top = Tree.top(folder)
        work = DraftImport(
            top,
            name=form.collection(top.name if top != folder else ""),
            by=request.user,
            owner=given["owner"],
            at=timezone.now(),
        )
        _check(work)
        return Result.of(work, list(work.run()))


def _check(work: DraftImport) -> None:
    """Raises ArchiveRefused for nothing, and for more than is done while somebody waits."""
    if not work.count:
        raise ArchiveRefused(NOTHING)
    documents, pictures = work.tree.documents, work.tree.images
    size = sum((work.tree.folder / path).stat().st_size for path in documents)
    if len(documents) > MOST_DOCUMENTS or len(pictures) > MOST_PICTURES or size > MOST_TEXT:
        raise ArchiveRefused(
            f"It has {len(documents)} documents of {size // 1024} kB and {len(pictures)} pictures. "
            f"At most {MOST_DOCUMENTS} of {MOST_TEXT // 1024} kB and {MOST_PICTURES} are imported "
            "at a time: send parts of it under the same name of the collection, or ask an operator."
        )


def _opened(request, line):
    messages.success(request, "It is a draft. Read it, then submit it for a review.")
    if line.outcome.why:
        messages.warning(request, f"{line.outcome.path}: {line.outcome.why}.")
    return redirect(line.address)


def _page(request, form, *, result: Result | None = None, status: int = 200):
    context = {"form": form, "result": result}
    page = render(request, "runbooks/import.html", context, status=status)
    if status == Busy.status:
        page.headers["Retry-After"] = str(Busy.wait)
    return page

"""Staff write runbooks here: what is known of one, its text, and the verbs that move it on."""

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from portal.core.markdown import MarkdownError
from portal.core.problems import DomainError
from portal.core.web.cells import shown
from portal.core.web.narrow import Narrow
from portal.core.web.status import ARCHIVED, UNPUBLISHED
from runbooks.documents.merge import Conflict
from runbooks.documents.status import MERGED, RUN, VERSION, run_lesson
from runbooks.models import Image, Runbook, RunState, State, Template, Version, WorkingCopy
from runbooks.models.choices import OPEN
from runbooks.problems import StaleVersion, WrongState

from . import conflict
from .filters import AttentionFilter, LastRunFilter, StandingFilter
from .forms import RunbookForm, same
from .verbs import MERGE, Verbs, offered
from .versions import HEAVY

SHOWN_VERSIONS = 10
DAY = 24 * 3600
TEXT = (None, {"classes": ["editor"], "fields": ["text", "note", "based_on", "once"]})
CARE = {"fields": ["owner", "services", "alert_names", "review_days"]}


@admin.register(Runbook)
class RunbookAdmin(Narrow, Verbs, admin.ModelAdmin):
    form = RunbookForm
    list_display = (
        "title",
        "kind",
        "owner",
        "standing",
        "readers_see",
        "review_due",
        "last_run",
    )
    list_filter = (StandingFilter, AttentionFilter, LastRunFilter, "section", "kind")
    list_select_related = ("owner",)
    list_per_page = 50
    search_fields = ("title", "slug", "alerts__name", "owner__name")
    ordering = ("title", "pk")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    formfield_overrides = {models.ManyToManyField: {"widget": CheckboxSelectMultiple}}
    long_choices = ("owner", "services")

    def get_queryset(self, request):
        opened = Version.objects.filter(runbook=OuterRef("pk"), state__in=OPEN)
        return (
            super()
            .get_queryset(request)
            .defer("earlier_history")
            .with_last_run()
            .annotate(
                open_state=Subquery(opened.values("state")[:1]),
                open_number=Subquery(opened.values("number")[:1]),
                shown_number=F("published__number"),
            )
        )

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, runbook):
        return runbook.get_absolute_url()

    @admin.display(description="state")
    def standing(self, runbook):
        if runbook.archived_at:
            return shown(MERGED if runbook.merged_into_id else ARCHIVED)
        if runbook.open_state:
            status = VERSION[State(runbook.open_state)]
            return shown(status._replace(word=f"{status.word} v{runbook.open_number}"))
        return shown(VERSION[State.PUBLISHED] if runbook.shown_number else UNPUBLISHED)

    @admin.display(description="version", ordering="shown_number")
    def readers_see(self, runbook):
        return f"v{runbook.shown_number}" if runbook.shown_number else None

    @admin.display(description="last run")
    def last_run(self, runbook):
        """In the words of the readers' list; nothing where a run would say nothing."""
        today, at = localdate(), runbook.run_at
        lesson = run_lesson(runbook.kind, runbook.run_state, at, on=today)
        if at is None:
            return shown(lesson) if runbook.shown_number else None
        status = lesson or RUN[RunState(runbook.run_state)]
        return shown(status, date_format(localdate(at)))

    # The form

    def get_fieldsets(self, request, obj=None):
        first = [("title", "slug"), ("section", "kind")] if obj else ["title", ("section", "kind")]
        return [(None, {"fields": first}), TEXT, ("Who and what for", CARE)]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        form.kept = self._kept(request, obj) if "kept" in request.GET else None
        return form

    def _kept(self, request, obj):
        """What this person typed and did not save, if it differs from the newest text."""
        copy = WorkingCopy.objects.of(request.user, obj).first()
        newest = obj.newest.text if copy and obj and obj.head else ""
        return copy if copy and copy.text and not same(copy.text, newest) else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and "_choose" in request.POST:
            return self._choose(request, object_id)
        show = super().changeform_view
        try:
            return show(request, object_id, form_url, extra_context)
        except StaleVersion as stale:
            if not same(stale.yours, stale.theirs.text):
                return self._conflict(request, stale)
            # Sent twice, or both typed the same: only the rest is still to be saved.
            request.POST = request.POST.copy()
            request.POST["based_on"] = str(stale.theirs.number)
        except (DomainError, MarkdownError) as refusal:
            request.refusal = str(refusal)
        except ValidationError as refusal:
            request.refusal = " ".join(refusal.messages)
        return show(request, object_id, form_url, extra_context)

    def _conflict(self, request, stale):
        typed = {
            "text": stale.yours,
            "based_on": stale.base.number if stale.base else 0,
        }
        note, title = request.POST.get("note", "")[:500], stale.runbook.title
        WorkingCopy.objects.keep(request.user, stale.runbook, note=note, title=title, **typed)
        return conflict.page(self, request, Conflict.found(stale))

    def _choose(self, request, object_id):
        runbook = self.get_object(request, object_id or "")
        if not self.has_change_permission(request, runbook):
            raise PermissionDenied
        chosen = Conflict.chosen(runbook, request.POST) if runbook else None
        if chosen is None:
            raise Http404
        return conflict.page(self, request, chosen)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["kept"] = None if "kept" in request.GET else self._kept(request, obj)
        if add:
            context["templates"] = dict(Template.objects.values_list("kind", "text"))
        else:
            context.update(self._standing(request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _standing(self, request, runbook) -> dict:
        version, published = runbook.open_version, runbook.published
        return {
            "open_version": version,
            "verbs": offered(runbook, version, request.user),
            "may_merge": request.user.has_perm(MERGE) and not runbook.archived_at,
            "own_work": bool(version) and version.author_id == request.user.pk,
            "versions": _listed(runbook)[:SHOWN_VERSIONS],
            "compare": published
            and version
            and runbook.compare_url(published.number, version.number),
        }

    def history_view(self, request, object_id, extra_context=None):
        runbook = self.get_object(request, object_id)
        versions = _listed(runbook) if runbook else []
        extra = {**(extra_context or {}), "versions": versions}
        return super().history_view(request, object_id, extra)

    # Saving

    def save_model(self, request, obj, form, change):
        saved = self._change(request, obj, form) if change else self._start(request, obj, form)
        if "_submit" in request.POST:
            self._submit(request, obj)
        elif saved:
            messages.success(request, f"Saved as draft v{saved.number}.")
        else:
            messages.success(request, "Saved; the text is as it was.")

    def _start(self, request, obj, form):
        once = f"runbook-started-{form.cleaned_data['once']}"
        if form.cleaned_data["once"] and not cache.add(once, True, DAY):
            raise WrongState("This runbook was saved already: it is in the list.")
        obj.pk = Runbook.objects.start(by=request.user, **form.started).pk
        obj.refresh_from_db()
        Image.objects.attach(obj, text=form.started["text"], by=request.user)
        WorkingCopy.objects.of(request.user, None).delete()
        return obj.newest

    def _change(self, request, obj, form):
        # Fresh and locked: only what this person changed is written over what others saved.
        runbook = Runbook.objects.select_for_update(of=("self",)).get(pk=obj.pk)
        if form.described:
            runbook.describe(**form.described)
        if not form.text_changed:
            return None
        typed, based_on = form.cleaned_data, form.cleaned_data["based_on"] or 0
        saved = runbook.draft(
            typed["text"], author=request.user, note=typed["note"], based_on=based_on
        )
        WorkingCopy.objects.of(request.user, runbook).delete()
        return saved

    def _submit(self, request, obj):
        version = Runbook.objects.get(pk=obj.pk).open_version
        if version is None:
            raise WrongState("There is no draft to submit: change the text first.")
        version.submit(by=request.user)
        messages.success(request, f"Saved, and sent v{version.number} to review.")

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save: the verbs saved services and alerts too."""

    def response_add(self, request, obj, post_url_continue=None):
        return self._back_to(obj)

    def response_change(self, request, obj):
        return self._back_to(obj)

    def _back_to(self, obj):
        return HttpResponseRedirect(reverse("admin:runbooks_runbook_change", args=[obj.pk]))


def _listed(runbook):
    """The versions of a runbook for a list, the newest first, without their texts."""
    return runbook.versions.defer(*HEAVY).order_by("-number")

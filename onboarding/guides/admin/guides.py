"""Staff write guides here: what is known of one, its steps in their order, and its versions."""

from django.contrib import admin, messages
from django.db.models import F
from django.db.models.functions import Lower
from django.http import HttpResponseRedirect
from django.urls import reverse

from onboarding.guides.status import CHANGED
from onboarding.models import Guide
from onboarding.problems import StaleGuide
from portal.core.web.cells import shown
from portal.core.web.narrow import Narrow
from portal.core.web.refused_forms import Refusing
from portal.core.web.status import ARCHIVED, PUBLISHED, UNPUBLISHED, Status

from .conflict import on_top, touched
from .files import Files
from .filters import AttentionFilter, StandingFilter
from .forms import GuideForm
from .pages import Pages
from .verbs import Verbs

WHO = ("audience", "roles", "prerequisites")
CARE = ("owner", ("minutes", "position"), "asks_acknowledgement", "is_tour")
SHOWN_VERSIONS = 5


@admin.register(Guide)
class GuideAdmin(Narrow, Refusing, Verbs, Pages, Files, admin.ModelAdmin):
    form = GuideForm
    list_display = ("title", "place", "version", "standing", "steps_in_it", "pictures", "owner")
    list_filter = (StandingFilter, AttentionFilter)
    list_select_related = ("owner",)
    list_per_page = 50
    search_fields = ("title", "slug", "audience")
    ordering = ("position", Lower("title"), "pk")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    autocomplete_fields = ("prerequisites",)
    long_choices = ("owner",)
    fieldsets = (
        ("About", {"fields": ["title", "slug", "purpose", "based_on"]}),
        ("Who it is for", {"fields": WHO}),
        ("Care", {"fields": CARE}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).counted()

    def has_delete_permission(self, request, obj=None):
        return False

    # The list

    @admin.display(description="place", ordering="position")
    def place(self, guide):
        return guide.position

    @admin.display(description="version", ordering=F("shown_number").asc(nulls_first=True))
    def version(self, guide):
        return f"v{guide.shown_number}" if guide.shown_number else None

    @admin.display(description="state")
    def standing(self, guide):
        if guide.archived_at:
            return shown(ARCHIVED)
        if not guide.shown_number:
            return shown(UNPUBLISHED)
        return shown(PUBLISHED if guide.shown_revision == guide.revision else CHANGED)

    @admin.display(description="steps", ordering="step_count")
    def steps_in_it(self, guide):
        return guide.step_count

    @admin.display(description="pictures", ordering="flag_count")
    def pictures(self, guide):
        count = guide.flag_count
        return shown(Status("warn", "warn", f"{count} to fix") if count else None)

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.meanwhile = getattr(request, "meanwhile", {})
        return form

    def told(self, request, refusal):
        """What both changed is shown; the next save writes on top of what stands there now."""
        if not isinstance(refusal, StaleGuide):
            return super().told(request, refusal)
        now = Guide.objects.get(pk=refusal.theirs.pk)
        request.POST, request.meanwhile = on_top(request.POST, now)
        return "Somebody saved this guide while you were writing. Nothing is lost."

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["show_save_and_add_another"] = context["show_save_and_continue"] = False
        if obj:
            context.update(self._standing(request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _standing(self, request, guide) -> dict:
        steps = guide.steps.select_related("screenshot", "video")
        versions = guide.versions.defer("content").order_by("-number")[:SHOWN_VERSIONS]
        return {
            "steps": steps,
            "versions": versions,
            "is_replayed": any(step.page for step in steps),
            "may_write": self.has_change_permission(request, guide),
            "may_publish": request.user.has_perm("onboarding.publish_guide"),
        }

    # Saving

    def save_model(self, request, obj, form, change):
        if not change:
            return self._start(request, obj, form)
        if form.described:
            guide = Guide.objects.get(pk=obj.pk)
            guide.describe(by=request.user, based_on=self._base(guide, form), **form.described)
        return messages.success(request, "Saved." if form.described else "Nothing was changed.")

    def _start(self, request, obj, form):
        guide = Guide.objects.start(by=request.user, **form.started)
        if before := form.cleaned_data["prerequisites"]:
            guide.prerequisites.set(before)
        obj.pk = guide.pk
        messages.success(request, f"“{guide}” created. Now add its steps.")

    def _base(self, guide, form) -> int:
        """Steps that others changed meanwhile do not matter here, only the same facts."""
        both = touched(form.data, guide) & set(form.described)
        return form.cleaned_data["based_on"] or 0 if both else guide.revision

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save: the verbs saved the prerequisites too."""

    def response_add(self, request, obj, post_url_continue=None):
        return self.back_to(obj.pk)

    def response_change(self, request, obj):
        return self.back_to(obj.pk)

    def back_to(self, pk):
        return HttpResponseRedirect(reverse("admin:onboarding_guide_change", args=[pk]))

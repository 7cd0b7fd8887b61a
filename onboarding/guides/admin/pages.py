"""Pages of a guide to look at: a preview, its versions, and what differs between two of them."""

from django.contrib import admin
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from onboarding.guides.difference import as_text, changes
from onboarding.guides.page import tracks_of
from onboarding.guides.preview import shown
from onboarding.guides.publishing import content_of
from onboarding.models import Guide
from portal.core.comparing import MOST_LINES, compare_lines

from .verbs import number_in

VIEW = "onboarding.change_guide"
THEMES = ("light", "dark")
MOST_VERSIONS = 200


class Pages(admin.ModelAdmin):
    """The addresses of these pages, for GuideAdmin."""

    def get_urls(self):
        guarded = self.admin_site.admin_view
        views = {"preview": self.preview_view, "compare": self.compare_view}
        own = [
            path(f"<int:pk>/{name}/", guarded(require_safe(view)), name=f"onboarding_guide_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def preview_view(self, request, pk):
        """The guide as readers would see it, or as they saw a version of it, on one page."""
        guide, number = self.found(request, pk, VIEW), number_in(request.GET, "version")
        theme = request.GET.get("theme", "")
        content = content_or_404(guide, number)
        context = {
            "guide": guide,
            "content": content,
            "number": number,
            "steps": [
                shown(step, tracks_of(step, guide.slug, number)) for step in content["steps"]
            ],
            "look": theme if theme in THEMES else "",
            "phone": "phone" in request.GET,
        }
        return TemplateResponse(request, "admin/onboarding/guide/preview.html", context)

    def compare_view(self, request, pk):
        """Two versions word by word; 0 is nothing as the old, and the present as the new."""
        guide = self.found(request, pk, VIEW)
        old, new = number_in(request.GET, "old"), number_in(request.GET, "new")
        before = content_or_404(guide, old) if old else None
        after = content_or_404(guide, new)
        found = compare_lines(as_text(before) if before else "", as_text(after), most=MOST_LINES)
        context = {
            **self.admin_site.each_context(request),
            "title": f"What {f'v{new}' if new else 'is not published yet'} changes",
            "subtitle": str(guide),
            "opts": self.opts,
            "original": guide,
            "old": old,
            "new": new,
            "numbers": list(guide.versions.values_list("number", flat=True)[:MOST_VERSIONS]),
            "changes": changes(before, after),
            "comparison": found,
            "excerpt": found.excerpt(),
        }
        return TemplateResponse(request, "admin/onboarding/guide/compare.html", context)

    def history_view(self, request, object_id, extra_context=None):
        guide = self.get_object(request, object_id)
        versions = guide.versions.defer("content").order_by("-number") if guide else []
        extra = {**(extra_context or {}), "versions": versions[:MOST_VERSIONS]}
        return super().history_view(request, object_id, extra)


def content_or_404(guide: Guide, number: int) -> dict:
    content = content_of(guide, number)
    if content is None:
        raise Http404
    return content

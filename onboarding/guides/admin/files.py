"""Guides out of the portal and in again for those who have no shell there."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.files.archive import FORMS, zipped
from onboarding.files.blocks import BadText
from onboarding.files.importer import Import
from onboarding.files.replay import NotReplayed, recording
from onboarding.models import Guide
from portal.core.markdown.files import ENDINGS
from portal.core.media.archives import ArchiveRefused, unpacked
from portal.core.web.outcomes import REFUSED

CHANGE = "onboarding.change_guide"
IMPORT = (
    *("onboarding.add_guide", CHANGE, "onboarding.add_video"),
    *("onboarding.add_step", "onboarding.change_step", "onboarding.delete_step"),
    *("onboarding.add_question", "onboarding.change_question"),
)


class ImportForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="A recording of Chrome DevTools (.json), a guide as Markdown "
        f"({' or '.join(ENDINGS)}), or a .zip with guides, their pictures and films.",
        widget=forms.FileInput(attrs={"accept": ",".join(FORMS)}),
    )
    force = forms.BooleanField(
        label="Take the file even where the guide was changed here, too",
        required=False,
    )


class Files(admin.ModelAdmin):
    """The addresses of these pages, for GuideAdmin."""

    def get_urls(self):
        guarded = self.admin_site.admin_view
        methods = require_http_methods(["GET", "HEAD", "POST"])
        own = [
            # asked below, once it is known who sends; portal.wsgi
            path(
                "import/",
                guarded(csrf_exempt(methods(self.import_view))),
                name="onboarding_guide_import",
            ),
            path(
                "<int:pk>/files.zip",
                guarded(require_safe(self.zip_view)),
                name="onboarding_guide_zip",
            ),
            path(
                "<int:pk>/recording.json",
                guarded(require_safe(self.recording_view)),
                name="onboarding_guide_recording",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        extra = {**(extra_context or {}), "may_import": may_import(request.user)}
        return super().changelist_view(request, extra)

    def import_view(self, request):
        """A file, and then what became of each guide and question in it."""
        if not may_import(request.user):
            raise PermissionDenied
        return self._import(request)

    @method_decorator(csrf_protect)
    def _import(self, request):
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method != "POST":
            return self._import_page(request, form)
        if not form.is_valid():
            return self._import_page(request, form, status=400)
        try:
            outcomes, guides = self._read(request, form)
        except (ArchiveRefused, BadText, ValidationError) as refusal:
            form.add_error("file", getattr(refusal, "detail", refusal))
            return self._import_page(request, form, status=400)
        refused = any(outcome.state == REFUSED for outcome in outcomes)
        if len(guides) == 1 and not refused:
            messages.success(request, "It is read. Look at its steps, then publish it.")
            for outcome in outcomes:
                if outcome.why:
                    messages.warning(request, f"{outcome.path}: {outcome.why}.")
            return self.back_to(guides[0].pk)
        return self._import_page(
            request, form, status=400 if refused else 200, outcomes=outcomes, guides=guides
        )

    def _read(self, request, form):
        file, force = form.cleaned_data["file"], form.cleaned_data["force"]
        with unpacked(file, file.name or "", FORMS) as folder:
            may = request.user.has_perm("accounts.add_team")
            about = {"by": request.user, "at": timezone.now(), "makes_teams": may}
            work = Import(folder, force=force, **about)
            if not work.count:
                raise BadText("There is no guide, no question and no recording in it.")
            outcomes = list(work.run())
        return outcomes, [guide for _, guide, _, _ in work.taken]

    def _import_page(self, request, form, status=200, outcomes=(), guides=()):
        context = {
            **self.admin_site.each_context(request),
            "title": "New guides from a file",
            "opts": self.opts,
            "form": form,
            "outcomes": outcomes,
            "guides": guides,
        }
        template = "admin/onboarding/guide/import.html"
        return TemplateResponse(request, template, context, status=status)

    def zip_view(self, request, pk):
        """The guide as authors have it now, with its pictures and films."""
        guide = self.found(request, pk, CHANGE)
        try:
            whole = zipped(guide)
        except FileNotFoundError:
            return self._not_written(request, guide, "A file of this guide is gone: see Pictures.")
        return FileResponse(whole, as_attachment=True, filename=f"{guide.slug}.zip")

    def recording_view(self, request, pk):
        """What a browser does on the way through the guide, for Chrome DevTools."""
        guide = self.found(request, pk, CHANGE)
        try:
            text = recording(guide)
        except NotReplayed as refusal:
            return self._not_written(request, guide, refusal.detail)
        response = HttpResponse(text, content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="{guide.slug}.json"'
        return response

    def _not_written(self, request, guide: Guide, detail: str):
        messages.error(request, detail)
        return HttpResponseRedirect(reverse("admin:onboarding_guide_change", args=[guide.pk]))


def may_import(user) -> bool:
    return user.has_perms(IMPORT)

"""Videos: their words are changed here; they are added on the page of their guide."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat

from onboarding.models import Video
from portal.core.admin import Narrow

WORDS = ("title", "captions", "chapters", "transcript")


@admin.register(Video)
class VideoAdmin(Narrow, admin.ModelAdmin):
    list_display = ("title", "guide", "kept", "has_captions", "uploaded_by", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("guide", "uploaded_by")
    search_fields = ("title", "guide__title")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    fields = (*WORDS, "guide", "kept", "source", "uploaded_by", "created_at")
    readonly_fields = ("guide", "kept", "source", "uploaded_by", "created_at")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, video, form, change):
        video.describe(by=request.user, **{name: form.cleaned_data[name] for name in WORDS})

    @admin.display(description="kept")
    def kept(self, video):
        return filesizeformat(video.size) if video.name else "elsewhere"

    @admin.display(description="captions", boolean=True)
    def has_captions(self, video):
        return bool(video.captions)

"""Videos: their words are changed here; they are added on the page of their guide."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat

from onboarding.models import Screenshot, Video
from portal.core.web.narrow import Narrow

WORDS = ("title", "captions", "chapters", "transcript", "poster")


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

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "poster":
            video = Video.objects.filter(pk=request.resolver_match.kwargs.get("object_id")).first()
            shots = Screenshot.objects.filter(guide=video.guide_id) if video else None
            kwargs["queryset"] = shots if shots is not None else Screenshot.objects.none()
            kwargs["label"], kwargs["empty_label"] = "Picture before it plays", "None"
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the links beside a choice: pictures are made with their steps."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "poster":
            field.widget = field.widget.widget
        return field

    def save_model(self, request, video, form, change):
        now = Video.objects.get(pk=video.pk)  # the form has written into the other one
        now.describe(by=request.user, **{name: form.cleaned_data[name] for name in WORDS})

    @admin.display(description="kept")
    def kept(self, video):
        return filesizeformat(video.size) if video.name else "elsewhere"

    @admin.display(description="captions", boolean=True)
    def has_captions(self, video):
        return bool(video.captions)

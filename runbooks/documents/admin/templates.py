"""What a new runbook of each kind starts from."""

from django.contrib import admin
from django.db import models

from portal.core.web.narrow import Narrow
from runbooks.models import Template

from .editor import MarkdownEditor


@admin.register(Template)
class TemplateAdmin(Narrow, admin.ModelAdmin):
    list_display = ("kind", "words")
    fields = ("kind", "text")
    formfield_overrides = {models.TextField: {"widget": MarkdownEditor}}
    actions = None

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="words")
    def words(self, template):
        return len(template.text.split())

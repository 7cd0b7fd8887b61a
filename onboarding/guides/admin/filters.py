"""How lists of guides and questions are narrowed, without a filter that grows with the data."""

from django.contrib import admin


class Questions(admin.SimpleListFilter):
    """A filter whose choices are named questions of the rows: name -> (label, question)."""

    asks: dict = {}

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _) in self.asks.items()]

    def queryset(self, request, queryset):
        asked = self.asks.get(self.value())
        return asked[1](queryset, request.user) if asked else queryset


class StandingFilter(Questions):
    title = "state"
    parameter_name = "standing"
    asks = {
        "published": ("Published", lambda rows, user: rows.published()),
        "changed": ("Changed since", lambda rows, user: rows.changed()),
        "never": ("Not published", lambda rows, user: rows.unpublished()),
        "archived": ("Archived", lambda rows, user: rows.archived()),
    }


class AttentionFilter(Questions):
    title = "attention"
    parameter_name = "attention"
    asks = {
        "mine": ("Of my teams", lambda rows, user: rows.owned_by(user)),
        "unowned": ("No owner", lambda rows, user: rows.unowned()),
        "pictures": ("Pictures to fix", lambda rows, user: rows.flagged()),
        "my_pictures": (
            "Pictures to fix, of my teams",
            lambda rows, user: rows.current().flagged().owned_by(user),
        ),
    }

from django.conf import settings
from django.db import models, transaction

from portal.core.problems import Conflict

FAVOURITES_AT_MOST = 100
SHOWN = ("kind", "slug", "title", "about", "permission", "is_current")


class FavouriteQuerySet(models.QuerySet["Favourite"]):
    def of(self, user) -> "FavouriteQuerySet":
        """Those of one person, by title, with what is shown of each."""
        rows = self.filter(user=user).select_related("entry")
        return rows.only("at", *(f"entry__{name}" for name in SHOWN)).order_by("entry__title", "pk")

    @transaction.atomic
    def keep(self, user, entry) -> "Favourite":
        """Keep it, once. Raises Conflict where there are too many."""
        if self.filter(user=user).exclude(entry=entry).count() >= FAVOURITES_AT_MOST:
            raise Conflict(
                f"You have {FAVOURITES_AT_MOST} favourites already. Remove one of them first."
            )
        favourite: Favourite = self.get_or_create(user=user, entry=entry)[0]
        return favourite

    def drop(self, user, entry) -> None:
        self.filter(user=user, entry=entry).delete()


class Favourite(models.Model):
    """What a person keeps at hand: a row of any app, by its entry. It goes with either of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites"
    )
    entry = models.ForeignKey("search.Entry", on_delete=models.CASCADE, related_name="favourites")
    at = models.DateTimeField(auto_now_add=True)

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        constraints = [
            # also finds those of a person
            models.UniqueConstraint(fields=["user", "entry"], name="favourite_once"),
        ]

    def __str__(self):
        return str(self.entry)

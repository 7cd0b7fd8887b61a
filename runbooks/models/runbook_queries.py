"""Finding runbooks, and making them."""

from functools import reduce
from itertools import count
from operator import or_
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import slugify

from portal.accounts.models import Team

from .last_runs import last_run, taught
from .names import RESERVED, Address

NAMES_AT_ONCE = 50
MANY_OF_SERVICE = 3000
PORTAL = "ops-portal"  # the service that documents about the portal itself are bound to


class RunbookQuerySet(models.QuerySet):
    def visible(self, user):
        """The runbooks this person may know of: readers see what was published."""
        if user.has_perm("runbooks.view_version"):
            return self
        if user.has_perm("runbooks.view_runbook"):
            return self.published()
        return self.none()

    def current(self):
        """Neither archived nor merged into another."""
        return self.filter(archived_at=None)

    def published(self):
        """With a text that readers see, archived ones too."""
        return self.filter(published__isnull=False)

    def unpublished(self):
        return self.current().filter(published=None)

    def archived(self):
        """Merged ones too."""
        return self.filter(archived_at__isnull=False)

    def stale(self, *, on):
        """Past the day of their review, or somebody asked for one."""
        return self.current().filter(Q(review_due__lt=on) | ~Q(review_asked=""))

    def overdue(self, *, on):
        return self.current().filter(review_due__lt=on)

    def asked(self):
        """Those of which somebody asked for a review."""
        return self.current().exclude(review_asked="")

    def stale_teams(self, user, *, on):
        """The teams of this person that own any stale one. Both indexes begin with the owner."""
        theirs = self.filter(owner=OuterRef("pk"))
        is_stale = Exists(theirs.overdue(on=on)) | Exists(theirs.asked())
        return Team.objects.of(user).filter(is_stale).order_by("pk")

    def unowned(self):
        return self.current().filter(owner=None)

    def unowned_for(self, user, *, on):
        """Stale ones that no team looks after, for those who could give them an owner."""
        if not user.has_perm("runbooks.archive_runbook"):
            return self.none()
        return self.published().unowned().stale(on=on).order_by("review_due", "pk")

    def owned_by(self, user):
        return self.filter(owner__members=user)

    def beside_portal(self):
        """All but the documents about the portal itself; those, too, while there are no others."""
        model: Any = self.model
        tagged = model.services.through.objects.filter(service__slug=PORTAL).order_by()
        about = Q(pk__in=tagged.values("runbook_id"))
        others = model.objects.current().published().exclude(about)
        return self.filter(~about | ~Exists(others))

    def first_of(self, service, most: int):
        """Those of a service by title: of many, enough are met soon on the way along the titles."""
        model: Any = self.model
        tagged = model.services.through.objects.filter(service=service).order_by()
        if tagged[MANY_OF_SERVICE : MANY_OF_SERVICE + 1].exists():
            rows = self.filter(Exists(tagged.filter(runbook=OuterRef("pk"))))
        else:
            rows = self.filter(services=service)
        first = rows.order_by("title", "pk").values("pk")[:most]  # before anything else is read
        return model.objects.filter(pk__in=first).order_by("title", "pk")

    def with_last_run(self):
        """Each with `run_state` and `run_at` of its last run; null where there was none."""
        return self.annotate(**last_run())

    def taught(self, *lessons: str, on):
        """Those whose last run, or the lack of one, says any of these."""
        return self.filter(reduce(or_, (taught(lesson, on=on) for lesson in lessons)))

    def at(self, slug: str):
        """The runbook with this address, now or formerly; None if there never was one."""
        return self.filter(slug=slug).first() or self.filter(addresses__slug=slug).first()

    def answering(self, alert: str):
        """The runbook for an alert that readers see, or None."""
        return self.current().published()._with_alert(alert)

    def drafted_for(self, alert: str):
        """The runbook that answers an alert once it is published, or None."""
        return self.unpublished()._with_alert(alert)

    def _with_alert(self, alert: str):
        """Names differ in case between tools."""
        found = self.filter(alerts__name=alert).first()
        return found or self.filter(alerts__name__iexact=alert).first()

    @transaction.atomic
    def start(self, title: str, *, by, text: str = "", note: str = "", at=None, **fields):
        """Make a runbook with its first draft. `fields` are those of `make`."""
        runbook = self.make(title, at=at, **fields)
        runbook.draft(text, author=by, note=note, based_on=0, at=at)
        return runbook

    @transaction.atomic
    def make(self, title: str, *, alerts=(), services=(), at=None, **fields):
        """Make a runbook whose text follows. `fields`: slug, section, kind, owner, review_days."""
        at = at or timezone.now()
        slug = fields.pop("slug", "") or self.free_slug(title)
        runbook: Any = self.model(title=title, slug=slug, created_at=at, changed_at=at, **fields)
        runbook.source_path = runbook.source_path or f"{runbook.section}/{slug}.md"
        runbook.full_clean(exclude=["published"])
        runbook.save()
        runbook.services.set(services)
        runbook.answer(alerts)
        return runbook

    def free_slug(self, title: str) -> str:
        """An address made of the title that no runbook has or had."""
        stem = slugify(title)[:110] or "runbook"
        for first in count(2, NAMES_AT_ONCE):
            names = [stem] if first == 2 else []
            names += [f"{stem}-{number}" for number in range(first, first + NAMES_AT_ONCE)]
            taken = RESERVED | self._used(names)
            for name in names:
                if name not in taken:
                    return name
        raise AssertionError("unreachable: the numbers never end")

    def _used(self, names: list[str]) -> set[str]:
        """Those that lead or led to a runbook. Asked for by name: LIKE would read all of them."""
        now = self.filter(slug__in=names).order_by().values_list("slug", flat=True)
        once = Address.objects.filter(slug__in=names).order_by().values_list("slug", flat=True)
        return {*now, *once}

"""Making and publishing many new runbooks in a few queries: what `make` and `adopt` do for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from portal.core.data.audit import record_all
from portal.core.markdown import Rendered
from portal.search import index, registry
from runbooks.documents.render import derive, links_of
from runbooks.models import Address, AlertName, Link, Runbook, State, Version
from runbooks.models.names import RESERVED
from runbooks.models.versions import written
from runbooks.problems import WrongState

RELATIONS = {"owner", "published", "merged_into"}


@transaction.atomic
def make_all(many: Iterable[dict], *, at: datetime) -> list[Runbook]:
    """Runbooks whose texts follow. Each has the fields of `Runbook.objects.make`.

    Addresses and alerts are free, and source paths new: ask before. Raises ValidationError and
    IntegrityError, and makes none then.
    """
    fields = [dict(each) for each in many]
    services = [each.pop("services", ()) for each in fields]
    alerts = [each.pop("alerts", ()) for each in fields]
    made = [Runbook(created_at=at, changed_at=at, **each) for each in fields]
    for runbook in made:
        runbook.clean_fields(exclude=RELATIONS)
    Runbook.objects.bulk_create(made)
    _join(Runbook.services.through, "service", made, services)
    _answer(made, alerts)
    return made


def _join(through: Any, name: str, made: list[Runbook], many: list) -> None:
    pairs = zip(made, many, strict=True)
    rows = [through(runbook=row, **{name: each}) for row, found in pairs for each in set(found)]
    through.objects.bulk_create(rows)


def _answer(made: list[Runbook], many: list) -> None:
    pairs = zip(made, many, strict=True)
    rows = [AlertName(runbook=row, name=name) for row, names in pairs for name in names]
    for row in rows:
        row.clean_fields(exclude={"runbook"})
    AlertName.objects.bulk_create(rows)


def free_slugs(stems: list[str]) -> list[str]:
    """Those of these addresses that no runbook has or had, and none of the others; else empty."""
    used = RESERVED | {
        *Runbook.objects.filter(slug__in=stems).order_by().values_list("slug", flat=True),
        *Address.objects.filter(slug__in=stems).order_by().values_list("slug", flat=True),
    }
    return ["" if stem in used or stem in stems[:n] else stem for n, stem in enumerate(stems)]


@dataclass
class Text:
    """A text that was reviewed where it came from, rendered with links that are Pending."""

    runbook: Runbook
    text: str
    rendered: Rendered
    note: str = ""


@transaction.atomic
def adopt_all(texts: list[Text], *, by, at: datetime) -> None:
    """Publish the first version of each."""
    versions = Version.objects.bulk_create(_version(each, by, at) for each in texts)
    record_all(versions, "draft", by=by, number=(0, 1))
    record_all(versions, "adopt", by=by, state=(State.DRAFT, State.PUBLISHED))
    Link.objects.bulk_create(link for each in texts for link in links_of(each.runbook))
    for version in versions:
        version.runbook.published = version
    _show(versions, at)
    index.put_many(registry.kind("runbook"), [version.runbook_id for version in versions])


def _version(each: Text, by, at: datetime) -> Version:
    return Version(
        runbook=each.runbook,
        number=1,
        state=State.PUBLISHED,
        note=each.note,
        author=by,
        created_at=at,
        published_at=at,
        based_on=0,
        **written(each.text, by),
        **derive(each.runbook, each.text, each.rendered),
    )


def _show(versions: list[Version], at: datetime) -> None:
    """Make them what readers see; a review is due by the days of each."""
    days = attrgetter("runbook.review_days")
    own = Version.objects.filter(runbook=OuterRef("pk"), number=1).order_by()
    shown = 0
    for review_days, group in groupby(sorted(versions, key=days), key=days):
        rows = Runbook.objects.filter(pk__in=[version.runbook_id for version in group], head=0)
        shown += rows.update(
            head=1,
            published=Subquery(own.values("pk")),
            summary=Subquery(own.values("lede")),
            source_hash=Subquery(own.values("hash")),
            reviewed_at=at,
            review_due=(at + timedelta(days=review_days)).date(),
            changed_at=at,
            revision=F("revision") + 1,
        )
    if shown != len(versions):
        raise WrongState("Somebody else wrote one of them meanwhile.")

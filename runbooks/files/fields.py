"""From what a file says about a runbook to the fields of the runbook, and the block back."""

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from portal.accounts.models import Team
from portal.architecture.models import Service
from runbooks.models import Address, AlertName, Kind, Runbook
from runbooks.models.names import RESERVED

from .facts import ALERT

COMPARED = (
    "title",
    "kind",
    "section",
    "slug",
    "owner",
    "services",
    "alerts",
    "review_days",
)


def fields_of_new(document, owner: Team | None = None, *, makes_missing: bool = True) -> dict:
    """The fields of a new runbook; `owner` is that of one that names none.

    `makes_missing` makes the teams and services that a block names and nobody has.

    A block says all that the portal knew: what it leaves out was empty there, whatever the text
    says or lets guess.
    """
    block = document.block
    given = {name: value for name, value in vars(document.facts).items() if value}
    given["section"] = given.get("section") or document.section
    if block:
        given = {name: block[name] for name in COMPARED if block.get(name)}
        given = {"title": document.facts.title, "section": document.section, **given}
    fields = _fields(document, given, makes_missing=makes_missing and bool(block))
    return fields | ({"owner": owner} if owner and not fields.get("owner") else {})


def fields_that_changed(document, old_facts) -> dict:
    """The fields about which a newer text says something else than the one before."""
    new, old = vars(document.facts), vars(old_facts)
    given = {name: new[name] for name in COMPARED if new[name] and new[name] != old[name]}
    return _fields(document, given, makes_missing=False)


def _fields(document, given: dict, *, makes_missing: bool) -> dict:
    fields = {name: given[name] for name in ("section", "review_days") if name in given}
    if given.get("kind") in Kind.values:
        fields["kind"] = given["kind"]
    if "title" in given:
        fields["title"] = str(given["title"])[:200]
    if given.get("slug"):
        fields["slug"] = _free_slug(document, str(given["slug"]))
    if given.get("owner"):
        fields["owner"] = _team(document, str(given["owner"]), makes_missing)
    if "services" in given:
        names = map(str, given["services"])
        found = [_service(document, name, makes_missing) for name in names]
        fields["services"] = [service for service in found if service]
    if "alerts" in given:
        fields["alerts"] = _free_alerts(document, list(map(str, given["alerts"])))
    return fields


def _free_slug(document, slug: str) -> str:
    others = Runbook.objects.exclude(pk=document.runbook_id)
    taken = Address.objects.exclude(runbook=document.runbook_id).filter(slug=slug).exists()
    if slug not in RESERVED and not taken and not others.filter(slug=slug).exists():
        return slug
    free = Runbook.objects.free_slug(slug)
    document.notes.append(f"the address {slug} is taken, it got {free}")
    return free


def _team(document, name: str, makes_missing: bool) -> Team | None:
    title = str(document.block.get("owner_name") or name)[:120]
    same = [Q(slug=name), Q(name=name), Q(name=title)]
    found = next((team for each in same if (team := Team.objects.filter(each).first())), None)
    if found is None and makes_missing:
        return Team.objects.create(slug=name, name=title)
    if found is None:
        document.notes.append(f"there is no team {name}")
    return found


def _service(document, name: str, makes_missing: bool) -> Service | None:
    found = Service.objects.filter(Q(slug=name) | Q(name=name)).first()
    if found is None and makes_missing:
        known = document.block.get("service_names")
        names = known if isinstance(known, dict) else {}
        return Service.objects.create(slug=name, name=str(names.get(name) or name)[:120])
    if found is None:
        document.notes.append(f"there is no service {name}")
    return found


def _free_alerts(document, names: list[str]) -> list[str]:
    names = [name for name in dict.fromkeys(names) if ALERT.fullmatch(name)]
    others = AlertName.objects.filter(name__in=names).exclude(runbook=document.runbook_id)
    taken = set(others.values_list("name", flat=True))
    document.notes += [f"another runbook answers {name}" for name in sorted(taken)]
    return [name for name in names if name not in taken]


def imported_from(document) -> str:
    """The note of a version that came from a file."""
    return f"Imported from {document.path}"[:500]


def keep_addresses(runbook, document) -> None:
    """Let the old addresses that a document names lead to its runbook."""
    block = document.block
    given = map(str, block.get("addresses") or []) if block else document.facts.addresses
    for slug in dict.fromkeys(given):
        if slug == runbook.slug:
            continue
        taken = Runbook.objects.at(slug)
        if taken is None:
            Address.objects.create(slug=slug, runbook=runbook)
        elif taken.pk != runbook.pk:
            document.notes.append(f"the old address {slug} belongs to another runbook")


def history_of(block: dict) -> list[dict]:
    """The history notes of a block, the oldest first, without what is not one."""
    entries = block.get("history") or []
    return [entry for entry in entries if isinstance(entry, dict) and moment(entry.get("at"))]


def moment(text):
    """The aware moment that a block names, or None."""
    try:
        found = parse_datetime(str(text or ""))
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def block_of(runbook, path: str, versions) -> dict:
    """What the portal knows of a runbook besides its text, for the file at the path."""
    values = {
        "title": runbook.title,
        "slug": runbook.slug,
        "kind": runbook.kind,
        "path": runbook.source_path if runbook.source_path != path else "",
        "owner": runbook.owner.slug if runbook.owner else "",
        "owner_name": _other_name(runbook.owner) if runbook.owner else "",
        "services": sorted(service.slug for service in runbook.services.all()),
        "service_names": _other_names(runbook.services.all()),
        "alerts": sorted(alert.name for alert in runbook.alerts.all()),
        "review_days": runbook.review_days,
        "addresses": sorted(address.slug for address in runbook.addresses.all()),
        "created_at": _written(runbook.created_at),
        "reviewed_at": _written(runbook.reviewed_at),
        "review_asked": runbook.review_asked,
        "archived_at": _written(runbook.archived_at),
        "merged_into": runbook.merged_into.slug if runbook.merged_into else "",
        "history": [*runbook.earlier_history, *map(_note, versions)],
    }
    return {name: value for name, value in values.items() if value}


def _other_name(row) -> str:
    """The name of a team or service where its slug does not say it."""
    return "" if row.name == row.slug else row.name


def _other_names(rows) -> dict[str, str]:
    names = {row.slug: _other_name(row) for row in rows}
    return {slug: names[slug] for slug in sorted(names) if names[slug]}


def _note(version) -> dict:
    return {
        "at": _written(version.published_at),
        "by": version.author_name,
        "note": version.note,
    }


def _written(at) -> str:
    return at.isoformat().replace("+00:00", "Z") if at else ""

"""Backstage's catalog-info.yaml: Components, APIs, Resources and Systems become services.

Groups that own one of them become teams, as the owners in an export of ours do.

Format: https://backstage.io/docs/features/software-catalog/descriptor-format (2026).
"""

import re
from dataclasses import dataclass, field

from portal.accounts.models import Team
from portal.architecture.models import Classification, ServiceKind

KINDS = ("Component", "API", "Resource", "System")
GROUP, PERSON = "Group", "User"
TYPES = {
    "website": ServiceKind.WEB,
    "service": ServiceKind.API,
    "library": ServiceKind.OTHER,
    "database": ServiceKind.DATABASE,
    "queue": ServiceKind.QUEUE,
    "cache": ServiceKind.CACHE,
    "job": ServiceKind.JOB,
    "worker": ServiceKind.WORKER,
    "s3-bucket": ServiceKind.STORAGE,
    "openapi": ServiceKind.API,
    "grpc": ServiceKind.API,
    "graphql": ServiceKind.API,
    "asyncapi": ServiceKind.QUEUE,
}
LINKS = {"dashboard": "dashboard", "grafana": "dashboard", "log": "logs", "repo": "repository"}
NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)  # not what a template would put there
SOURCE = "backstage.io/source-location"
REFERENCE = re.compile(r"(?:(?P<kind>[^:/]+):)?(?:(?P<namespace>[^:/]+)/)?(?P<name>[^:/]+)")


@dataclass(frozen=True)
class Entity:
    """A document of Backstage, and the file and the lines where it stands."""

    document: dict
    place: str
    lines: dict[str, int]

    @property
    def at(self) -> str:
        return f"{self.place}:{self.lines.get('', 1)}"

    @property
    def spec(self) -> dict:
        return _mapping(self.document, "spec")

    @property
    def metadata(self) -> dict:
        return _mapping(self.document, "metadata")

    @property
    def kind(self) -> str:
        return str(self.document.get("kind"))

    @property
    def namespace(self) -> str:
        return str(self.metadata.get("namespace") or "default").lower()

    @property
    def key(self) -> tuple[str, str, str]:
        """What Backstage tells it by: upper and lower case are the same."""
        return self.kind.lower(), self.namespace, str(self.metadata.get("name", "")).lower()


@dataclass
class Owners:
    """Groups by slug, and `teams`, {slug: name}, those of them that own something here."""

    groups: dict[str, Entity]
    teams: dict[str, str]
    owning: set[str] = field(default_factory=set)

    def of(self, each: Entity, warnings: list[str]) -> str | None:
        """The slug of the team that owns it; none for one that nobody describes."""
        reference = each.spec.get("owner")
        match = REFERENCE.fullmatch(str(reference)) if reference else None
        slug = slug_of(match["name"]) if match else ""
        if not match or not slug:
            return None
        if str(match["kind"]).lower() == PERSON.lower():
            warnings.append(f"{each.at}: its owner “{slug}” is a person: choose a team here.")
            return None
        self.owning.add(slug)
        if Team.objects.filter(slug=slug).exists():
            return slug
        if slug not in self.groups:
            told = f"{each.at}: there is no team “{slug}”: nothing is said of its owner."
            warnings.append(told)
            return None
        return self._team(slug, self.groups[slug])

    def _team(self, slug: str, group: Entity) -> str:
        """The team that is called as the group, or one that is to be made."""
        shown = _mapping(group.spec, "profile").get("displayName")
        name = str(group.metadata.get("title") or shown or group.metadata["name"])[:120]
        same = Team.objects.filter(name=name).first()
        if same:
            return same.slug
        self.teams[slug] = name
        return slug

    def told(self) -> list[str]:
        """A warning for each group that owns nothing here."""
        idle = [group for slug, group in self.groups.items() if slug not in self.owning]
        return [
            f"{each.at}: passed over: Group “{each.metadata['name']}” owns nothing here."
            for each in idle
        ]


def is_entity(document: dict) -> bool:
    return str(document.get("apiVersion", "")).startswith("backstage.io/")


def converted(
    entities: list[Entity], teams: dict[str, str], warnings: list[str], errors: list[str]
):
    """(entity, document of a service) of each that is one; others are told of as warnings.

    Groups that own one are added to `teams`, {slug: name}.
    """
    known: dict[tuple[str, str, str], Entity] = {}
    owners = Owners({}, teams)
    for each in entities:
        name = str(each.metadata.get("name", ""))
        if why := _why_not(each, name):
            warnings.append(f"{each.at}: passed over: {each.kind} “{name}”{why}")
        elif each.kind == GROUP:
            owners.groups.setdefault(slug_of(name), each)
        elif each.key in known:
            errors.append(f"{each.at}: {each.kind} “{name}” is in {known[each.key].at} already.")
        else:
            known[each.key] = each
    slugs = _slugs(known.values())
    needs = _all_needs(known, slugs)
    found = [
        (each, _document(each, slugs, list(dict.fromkeys(needs[key])), owners.of(each, warnings)))
        for key, each in known.items()
    ]
    warnings += owners.told()
    return found


def _why_not(each: Entity, name: str) -> str:
    """Why it is not taken; "" if it is."""
    if each.kind == PERSON:
        return " is a person: people are added in the administration."
    if each.kind not in (*KINDS, GROUP):
        return ": this kind is not read."
    return "" if NAME.fullmatch(name) and slug_of(name) else " is no name."


def slug_of(name: str) -> str:
    """Names of Backstage have letters, digits, `-`, `_` and `.`; slugs have no dots."""
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")[:60]


def _slugs(entities) -> dict[tuple[str, str, str], str]:
    """A slug of its own for each: an API may be called as the component that provides it."""
    found: dict[tuple[str, str, str], str] = {}
    order = [kind.lower() for kind in KINDS]
    for each in sorted(
        entities, key=lambda e: (order.index(e.key[0]), e.key[1] != "default", e.key)
    ):
        kind, namespace, name = each.key
        names = (name, f"{name[:50]}-{kind}", f"{namespace[:25]}-{name[:25]}-{kind}")
        taken = set(found.values())
        found[each.key] = next(
            (s for s in map(slug_of, names) if s not in taken), slug_of(names[2])
        )
    return found


def _all_needs(known, slugs) -> dict[tuple[str, str, str], list[str]]:
    """Whom each needs. An API needs the component that provides it."""
    found: dict[tuple[str, str, str], list[str]] = {key: [] for key in known}
    for key, each in known.items():
        own = [_key(name, "api", each) for name in _list(each.spec, "providesApis")]
        used = [_key(name, "component", each) for name in _list(each.spec, "dependsOn")]
        used += [_key(name, "api", each) for name in _list(each.spec, "consumesApis")]
        found[key] += [_slug(other, slugs) for other in used if other not in (None, key, *own)]
        needed_by = [_key(name, "component", each) for name in _list(each.spec, "dependencyOf")]
        for other in [*own, *needed_by]:
            if other in found and other != key:
                found[other].append(slugs[key])
    return {key: [slug for slug in needed if slug] for key, needed in found.items()}


def _document(each: Entity, slugs, needs: list[str], owner: str | None) -> dict:
    metadata, slug = each.metadata, slugs[each.key]
    above = _slug(_key(each.spec.get("subcomponentOf"), "component", each), slugs)
    above = above or _slug(_key(each.spec.get("system"), "system", each), slugs)
    return {
        "slug": slug,
        "name": str(metadata.get("title") or metadata.get("name"))[:120],
        "kind": TYPES.get(str(each.spec.get("type", "")).lower(), _usual(each.kind)).value,
        "description": str(metadata.get("description") or ""),
        "owner": owner,
        "part_of": above if above != slug else None,
        "links": _links(metadata),
        "depends_on": [_need(name) for name in needs],
    }


def _usual(kind: str) -> ServiceKind:
    return ServiceKind.API if kind == "API" else ServiceKind.OTHER


def merged(document: dict, before: dict) -> dict:
    """The document of Backstage on top of what we know: it says nothing of tier, zone, ports, …"""
    wanted = {need["service"] for need in document["depends_on"]}
    kept = [need for need in before["depends_on"] if need["service"] in {None, *wanted}]
    known = {need["service"] for need in kept}
    needs = [*kept, *(need for need in document["depends_on"] if need["service"] not in known)]
    said = {name: value for name, value in document.items() if value not in (None, "", {})}
    links = before["links"] | document["links"]
    return {**before, **said, "links": links, "depends_on": needs}


def _mapping(document: dict, name: str) -> dict:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _key(reference: object, kind: str, by: Entity) -> tuple[str, str, str] | None:
    """What a reference names: `[kind:][namespace/]name`, the rest as it is usual there."""
    match = REFERENCE.fullmatch(str(reference).strip().lower()) if reference else None
    if not match:
        return None
    return match["kind"] or kind, match["namespace"] or by.namespace, match["name"]


def _slug(key: tuple[str, str, str] | None, slugs) -> str:
    return slugs.get(key) or slug_of(key[2]) if key else ""


def _list(spec: dict, name: str) -> list:
    value = spec.get(name)
    return value if isinstance(value, list) else []


def _need(slug: str) -> dict:
    return {"service": slug, "hard": True, "classification": Classification.INTERNAL.value}


def _links(metadata: dict) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in _list(metadata, "links"):
        if isinstance(link, dict) and str(link.get("url", "")).startswith("http"):
            words = f"{link.get('title', '')} {link.get('type', '')} {link.get('icon', '')}".lower()
            name = next((name for word, name in LINKS.items() if word in words), None)
            if name:
                found.setdefault(name, str(link["url"])[:500])
    source = str(_mapping(metadata, "annotations").get(SOURCE, "")).removeprefix("url:")
    if source.startswith("http"):
        found.setdefault("repository", source[:500])
    return found

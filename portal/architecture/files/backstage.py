"""Backstage's catalog-info.yaml: Components, APIs, Resources and Systems become services.

Format: https://backstage.io/docs/features/software-catalog/descriptor-format (2026).
"""

import re
from dataclasses import dataclass

from portal.accounts.models import Team
from portal.architecture.models import Classification, ServiceKind

KINDS = ("Component", "API", "Resource", "System")
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


def is_entity(document: dict) -> bool:
    return str(document.get("apiVersion", "")).startswith("backstage.io/")


def converted(entities: list[Entity], warnings: list[str], errors: list[str]):
    """(entity, document of a service) of each that is one; others are told of as warnings."""
    known: dict[tuple[str, str, str], Entity] = {}
    for each in entities:
        name = str(each.metadata.get("name", ""))
        if each.kind not in KINDS or not NAME.fullmatch(name) or not slug_of(name):
            warnings.append(f"{each.at}: passed over: {each.kind} “{name}”.")
        elif each.key in known:
            errors.append(f"{each.at}: {each.kind} “{name}” is in {known[each.key].at} already.")
        else:
            known[each.key] = each
    slugs = _slugs(known.values())
    needs = _all_needs(known, slugs)
    return [
        (each, _document(each, slugs, list(dict.fromkeys(needs[key])), warnings))
        for key, each in known.items()
    ]


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


def _document(each: Entity, slugs, needs: list[str], warnings: list[str]) -> dict:
    metadata, slug = each.metadata, slugs[each.key]
    above = _slug(_key(each.spec.get("subcomponentOf"), "component", each), slugs)
    above = above or _slug(_key(each.spec.get("system"), "system", each), slugs)
    return {
        "slug": slug,
        "name": str(metadata.get("title") or metadata.get("name"))[:120],
        "kind": TYPES.get(str(each.spec.get("type", "")).lower(), _usual(each.kind)).value,
        "description": str(metadata.get("description") or ""),
        "owner": _owner(each.spec.get("owner"), each.at, warnings),
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


def _owner(reference: object, at: str, warnings: list[str]) -> str | None:
    match = REFERENCE.fullmatch(str(reference)) if reference else None
    slug = slug_of(match["name"]) if match else None
    if slug and Team.objects.filter(slug=slug).exists():
        return slug
    if slug:
        warnings.append(f"{at}: there is no team “{slug}”: nothing is said of its owner.")
    return None


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

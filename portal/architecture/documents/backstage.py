"""Backstage's catalog-info.yaml: Components, APIs, Resources and Systems become services.

Format: https://backstage.io/docs/features/software-catalog/descriptor-format (2026).
"""

import re

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
SOURCE = "backstage.io/source-location"
REFERENCE = re.compile(r"(?:(?P<kind>[^:/]+):)?(?:[^:/]+/)?(?P<name>[^:/]+)")


def is_entity(document: dict) -> bool:
    return str(document.get("apiVersion", "")).startswith("backstage.io/")


def converted(document: dict, place: str, warnings: list[str]) -> dict | None:
    """The document of a service; None, with a warning, for kinds that are none."""
    kind = str(document.get("kind"))
    metadata, spec = _mapping(document, "metadata"), _mapping(document, "spec")
    slug = slug_of(str(metadata.get("name", "")))
    if kind not in KINDS or not slug:
        warnings.append(f"{place}: passed over: {kind} “{metadata.get('name', '')}”.")
        return None
    above = spec.get("subcomponentOf") or spec.get("system")
    return {
        "slug": slug,
        "name": str(metadata.get("title") or metadata.get("name"))[:120],
        "kind": TYPES.get(str(spec.get("type", "")).lower(), ServiceKind.OTHER).value,
        "description": str(metadata.get("description") or ""),
        "owner": _owner(spec.get("owner"), place, warnings),
        "part_of": _referred(above) if above and _referred(above) != slug else None,
        "links": _links(metadata),
        "depends_on": [_need(name) for name in _needs(spec, slug)],
    }


def slug_of(name: str) -> str:
    """Names of Backstage have letters, digits, `-`, `_` and `.`; slugs have no dots."""
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")[:60]


def _mapping(document: dict, name: str) -> dict:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _referred(reference: object) -> str | None:
    match = REFERENCE.fullmatch(str(reference))
    return slug_of(match["name"]) if match else None


def _owner(reference: object, place: str, warnings: list[str]) -> str | None:
    slug = _referred(reference) if reference else None
    if slug and Team.objects.filter(slug=slug).exists():
        return slug
    if slug:
        warnings.append(f"{place}: there is no team “{slug}”: it has no owner now.")
    return None


def _needs(spec: dict, slug: str) -> list[str]:
    """Whom it names under dependsOn and consumesApis, each once."""
    named = [*_list(spec, "dependsOn"), *_list(spec, "consumesApis")]
    found = (_referred(reference) for reference in named)
    return list(dict.fromkeys(name for name in found if name and name != slug))


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

"""Import 1,000 files, or do the least that must be done: render each once, insert in bulk."""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.clock import peak_mb, spent  # noqa: E402
from bench.texts import text  # noqa: E402
from portal.core.markdown import render  # noqa: E402
from portal.search.models import Entry  # noqa: E402
from runbooks.models import Runbook, State, Version  # noqa: E402

FILES = 1000


def write(folder: Path, name: str) -> None:
    for n in range(FILES):
        (folder / f"{name}-{n}.md").write_text(f"# {name.capitalize()} {n}\n\n{text(n)}")


def product(folder: Path) -> None:
    call_command("import_docs", folder, "--quiet")


@transaction.atomic
def floor(folder: Path) -> None:
    rendered = {path: render(path.read_text()) for path in sorted(folder.iterdir())}
    runbooks = Runbook.objects.bulk_create(_runbook(path) for path in rendered)
    versions = Version.objects.bulk_create(
        _version(runbook, path.read_text(), found)
        for runbook, (path, found) in zip(runbooks, rendered.items(), strict=True)
    )
    for runbook, version in zip(runbooks, versions, strict=True):
        runbook.published = version
    Runbook.objects.bulk_update(runbooks, ["published"])
    Entry.objects.bulk_create(map(_entry, versions))


def _entry(version: Version) -> Entry:
    """What the index has of a published runbook."""
    runbook = version.runbook
    return Entry(
        kind="runbook",
        key=runbook.pk,
        permission="runbooks.view_runbook",
        slug=runbook.slug,
        title=runbook.title,
        squeezed=runbook.title,
        names=runbook.slug,
        body=version.plain,
    )


def _runbook(path: Path) -> Runbook:
    return Runbook(slug=path.stem, title=path.stem, head=1, source_path=str(path))


def _version(runbook: Runbook, whole: str, found) -> Version:
    return Version(
        runbook=runbook,
        number=1,
        state=State.PUBLISHED,
        text=whole,
        published_at=timezone.now(),
        html=found.html,
        plain=found.plain,
        lede=found.lede,
        toc=found.toc,
        steps=found.steps,
        parameters=found.parameters,
    )


def main(verb: str, folder: Path) -> None:
    write(folder, verb)
    Runbook.objects.count()  # connect
    began = spent()
    {"product": product, "floor": floor}[verb](folder)
    told = {"seconds": spent() - began, "peak_mb": peak_mb()}
    made = Runbook.objects.filter(slug__startswith=f"{verb}-").exclude(published__html="").count()
    print(json.dumps(told | {"made": made}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

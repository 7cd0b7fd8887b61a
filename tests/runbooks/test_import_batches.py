"""Many new files are written together: as one by one, but each text is rendered once."""

import json
import re
from datetime import UTC, datetime

import pytest
from auditlog.context import auditlog_value
from auditlog.models import LogEntry
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.markdown import document
from portal.search.models import Entry
from runbooks.files import importer
from runbooks.files.importer import Import
from runbooks.models import AlertName, Link, Runbook, Version
from tests.runbooks.test_import import png, tree  # noqa: F401

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
ALERT = "# {name}\n\n## Meaning\n\nIt is full.\n\n## Mitigation\n\n1. Delete [it](../b.md#mean)\n"
FILES = {
    "a.md": "# A\n\n[B](b.md) ![p](p.png) [no](nowhere.md) [C](/wiki/deep/c.md)\n\n1. [B](b.md)\n",
    "b.md": "---\ntitle: B\nreview_days: 9\nowner: DBA\nservices: [Shop]\n---\n# Mean\n\n[A](a.md)",
    "deep/c.md": "---\nslug: chosen\naliases: [/old/place/]\n---\n# C\n\n[A](../a.md)\n",
    "deep/same.md": "# A\n\nThe title of another.\n",
    "alerts/DiskFull.md": ALERT.format(name="DiskFull"),
    "alerts/more/DiskFull.md": ALERT.format(name="DiskFull"),
    "p.png": png(),
}
NAME = re.compile(r"[0-9a-f]{32}(?=\.png)")  # of ours, never the same


@pytest.fixture
def wiki(tree):  # noqa: F811
    Team.objects.create(slug="dba", name="DBA")
    Service.objects.create(slug="shop", name="Shop")
    return tree(FILES)


def brought_in(folder) -> list:
    """Everything that an import says and writes, in a transaction that is taken back."""
    before = list(LogEntry.objects.values_list("pk", flat=True))  # left by tests that commit
    with transaction.atomic():
        said = [(line.path, line.state, line.why) for line in Import(folder, at=AT).run()]
        rows = [
            Runbook.objects.order_by("source_path").values(
                *("slug", "title", "kind", "section", "owner__slug", "services__slug", "head"),
                *("review_days", "review_due", "reviewed_at", "summary", "changed_at"),
                *("source_path", "source_hash", "published__number", "addresses__slug"),
                *("published__html", "published__steps", "published__toc", "published__state"),
                *("published__note", "published__hash", "published__published_at"),
            ),
            AlertName.objects.order_by("name").values("name", "runbook__source_path"),
            Link.objects.order_by("source__source_path", "line", "address").values(
                "source__slug", "target__slug", "address", "anchor", "text", "line", "broken"
            ),
            Entry.objects.filter(kind="runbook")
            .order_by("title", "names")
            .values("title", "names", "body"),
            LogEntry.objects.exclude(pk__in=before)
            .order_by("object_repr", "additional_data")
            .values("object_repr", "action", "changes", "additional_data"),
        ]
        found = [said, *map(list, rows)]
        transaction.set_rollback(True)
    return json.loads(NAME.sub("picture", json.dumps(found, cls=DjangoJSONEncoder)))


@pytest.mark.parametrize("broken", ["make_all", "adopt_all"])
def test_together_is_as_one_by_one(wiki, monkeypatch, broken):
    together = brought_in(wiki)

    def fail(*arguments, **named):
        raise MemoryError(broken)

    monkeypatch.setattr(f"runbooks.files.arrivals.{broken}", fail)
    alone = brought_in(wiki)

    assert [len(part) for part in together] == [7, 6, 1, 9, 6, 12]
    for part, other in zip(together, alone, strict=True):
        assert part == other


def test_links_lead_to_files_that_come_later(wiki):
    list(Import(wiki, at=AT).run())

    html = Runbook.objects.get(source_path="runbooks/wiki/a.md").published.html
    assert html.count('href="/runbooks/b/"') == 1 + html.count("procedure")
    assert 'href="/runbooks/chosen/"' in html and 'href="nowhere.md"' in html
    assert 'src="/media/' in html


def test_each_text_is_rendered_once(wiki, monkeypatch):
    rendered = []
    read = document.front_matter.read
    monkeypatch.setattr(
        document.front_matter, "read", lambda text: rendered.append(text) or read(text)
    )

    list(Import(wiki, at=AT).run())

    texts = Version.objects.values_list("text", flat=True)
    assert sorted(rendered) == sorted(texts)

    rendered.clear()
    (wiki / "a.md").write_text("# A\n\nNewer: [C](deep/c.md)\n")
    list(Import(wiki, at=AT).run())
    assert len(rendered) == 2  # the newer one, and the older to see what it said


@pytest.fixture
def outside_of_requests():
    """The audit log remembers the last request of this thread, as it does not of a command."""
    token = auditlog_value.set({})
    yield
    auditlog_value.reset(token)


@pytest.mark.usefixtures("outside_of_requests")
@pytest.mark.parametrize("files", [50, 100])
def test_many_files_cost_few_queries(tree, monkeypatch, files):  # noqa: F811
    monkeypatch.setattr(importer, "BATCH", 50)
    folder = tree({f"f{n}.md": f"# File {n}\n\nWord{n}.\n\n1. Look\n" for n in range(files)})

    with CaptureQueriesContext(connection) as asked:
        lines = list(Import(folder, at=AT).run())

    assert {line.state for line in lines} == {"created"}
    assert len(asked) <= 10 + 30 * files // 50

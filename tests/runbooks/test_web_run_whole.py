"""The page of a run has the whole runbook at hand: that of its version, with its values."""

import re

import pytest

from runbooks.models import Run, Runbook

pytestmark = pytest.mark.django_db
TEXT = """\
---
parameters:
  - {name: host, pattern: "db[0-9]+"}
  - {name: password, type: secret}
---
Deploy it.

## Before

!!! danger
    Never start the old primary again.

```yaml
host: {{ host }}
```

## Steps

1. Fetch it[^1]

```bash
$ get --from "{{ host }}" {{ password }}
```

> [!WARNING]
> Look first, see [Before](#before).

1. Promote

[^1]: From the mirror.
"""
PANEL = re.compile(r'<aside class="run-runbook.*?</aside>', re.DOTALL)


@pytest.fixture
def run(alice, rita, publish):
    publish(Runbook.objects.start("Deploy", by=alice, text=TEXT, kind="deployment").newest)
    runbook = Runbook.objects.get(slug="deploy")
    return Run.objects.start(runbook, by=rita, parameters={"host": "db1"})


@pytest.fixture
def page(run, rita, client_of):
    return client_of(rita).get(run.get_absolute_url()).content.decode()


@pytest.fixture
def panel(page):
    return PANEL.search(page)[0]


def test_it_has_all_of_the_text(panel):
    for words in ("Deploy it.", "Never start the old primary again.", "Promote", "From the mirror"):
        assert words in panel
    assert panel.count('<span class="n">') == 2


def test_it_is_opened_by_a_button_and_needs_no_script(page):
    assert re.search(r'<button [^>]*popovertarget="run-runbook">', page)
    assert re.search(r'<aside [^>]*id="run-runbook" popover', page)


def test_its_commands_have_the_values_of_the_run(panel):
    assert panel.count('data-param="host">db1</span>') == 2
    assert 'data-secret=""' in panel
    assert "{{" not in panel


def test_its_anchors_are_its_own(page, panel):
    ids = re.findall(r' id="([^"]+)"', page)

    assert len(ids) == len(set(ids))
    assert 'id="whole-h-before"' in panel
    assert panel.count('href="#whole-h-before"') == 3  # contents, the heading itself, the link
    assert 'href="#whole-fn-1"' in panel
    assert 'id="whole-fnref-1"' in panel


def test_it_stays_at_the_version_of_the_run(run, alice, rita, publish, client_of):
    publish(run.runbook.draft("1. Another text\n", author=alice, based_on=1))
    panel = PANEL.search(client_of(rita).get(run.get_absolute_url()).content.decode())[0]

    assert "Another text" not in panel
    assert "Never start the old primary again." in panel


def test_it_is_there_after_the_end_and_for_readers(run, rita, nina, client_of):
    run.end("aborted", by=rita, note="Enough")

    assert PANEL.search(client_of(nina).get(run.get_absolute_url()).content.decode())


def test_it_is_sent_once_and_not_with_every_step(run, rita, client_of):
    answer = client_of(rita).get(
        run.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "run"}
    )

    assert 'id="run"' in answer.content.decode()
    assert not PANEL.search(answer.content.decode())


def test_a_step_has_what_stands_at_it(run, rita, client_of):
    page = client_of(rita).get(f"{run.get_absolute_url()}?step=1").content.decode()
    step = re.search(r'<div class="doc run-text">.*?</form>', page, re.DOTALL)[0]

    assert "Look first" in step
    assert 'data-param="host">db1</span>' in step

"""What costs much to print is printed once, one at a time, and nobody waits for it."""

import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Timer

import pytest
from django.core.management import call_command
from django.utils import timezone

from onboarding.guides import pdf
from onboarding.guides.pdf import PRINTED, printed
from portal.core.media.file_cache import FileCache
from portal.core.problems import Busy
from tests.programs import bare_environment

ADDRESS = "/guides/first-day/guide.pdf"
BROWSER = """#!/bin/sh
for word in "$@"; do
    case $word in --print-to-pdf=*) target=${word#*=} ;; esac
done
echo once >> "$0.log"
printf '%%PDF-1.4 of %s %%%%EOF' "$(wc -l < "$0.log")" > "$target"
"""
HOLDER = """
import sys
from types import SimpleNamespace
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1])
from portal.core.ops.slots import slot
with slot("printing"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def browser(settings, tmp_path):
    """A program that prints at once, and the list of what it printed."""
    program = tmp_path / "browser"
    program.write_text(BROWSER)
    program.chmod(0o700)
    settings.CHROMIUM, settings.DATA_DIR = str(program), tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return lambda: len(Path(f"{program}.log").read_text().splitlines())


@contextmanager
def another_process_prints(settings):
    command = [sys.executable, "-c", HOLDER, str(settings.DATA_DIR)]
    with Popen(command, stdin=PIPE, stdout=PIPE, env=bare_environment(), text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_the_same_version_is_printed_once(browser, published, nina, paul, client_of):
    first = client_of(nina).get(ADDRESS)
    second = client_of(paul).get(ADDRESS)

    assert first.content == second.content == b"%PDF-1.4 of 1 %%EOF"
    assert browser() == 1


def test_another_version_is_printed_anew(browser, published, alice):
    printed(published.published)
    published.steps.first().edit(by=alice, title="Another title")
    published.publish(by=alice)

    assert printed(published.published) == b"%PDF-1.4 of 2 %%EOF"


def test_it_says_the_same_time_to_people_of_all_zones(browser, published):
    printed(published.published)
    with timezone.override("Pacific/Auckland"):
        printed(published.published)
        page = pdf.page_of(published.published)

    assert f"{published.published.published_at:%H:%M} UTC" in page
    assert browser() == 1


def test_while_another_process_prints_one_is_told_at_once(
    browser, published, nina, client_of, settings
):
    reader = client_of(nina)
    with another_process_prints(settings):
        busy = reader.get(ADDRESS)

    assert (busy.status_code, busy["Retry-After"]) == (503, "10")
    assert f'href="{ADDRESS}">Try again' in busy.content.decode()
    assert reader.get(ADDRESS).status_code == 200


def test_what_was_printed_before_is_there_though_it_is_busy(browser, published, settings):
    kept = printed(published.published)

    with another_process_prints(settings):
        assert printed(published.published) == kept


def test_who_is_killed_holds_nothing(browser, published, settings):
    with another_process_prints(settings) as holder:
        with pytest.raises(Busy):
            printed(published.published)
        holder.kill()
        holder.wait()

        assert printed(published.published)


def test_an_export_waits_for_its_turn(browser, published, settings, tmp_path):
    with another_process_prints(settings) as holder:
        Timer(0.3, holder.stdin.close).start()
        call_command("export_guides", tmp_path / "out", pdf=True, quiet=True)

    assert (tmp_path / "out/first-day/guide.pdf").read_bytes().startswith(b"%PDF-")


def test_the_cache_has_a_size_and_an_end(settings, tmp_path):
    settings.DATA_DIR, now = tmp_path, timezone.now()
    cache = FileCache("things", most_bytes=250, longest=timedelta(days=7))

    for number in range(4):
        cache.keep(f"{number}", b"x" * 100, now + timedelta(minutes=number))
        cache.read("0", now + timedelta(minutes=number, seconds=1))
    assert sorted(path.name for path in cache.folder.iterdir()) == ["0", "3"]

    cache.sweep(now + timedelta(days=7, minutes=3, seconds=2))
    assert [path.name for path in cache.folder.iterdir()] == []


def test_without_room_for_a_cache_there_is_still_a_pdf(browser, published, settings):
    PRINTED.folder.parent.write_text("no folder")

    assert printed(published.published).startswith(b"%PDF-")

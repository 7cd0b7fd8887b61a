"""`./run bench`: the portal beside its tutorial twin, and one table with the budgets."""

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench import healthchecks, report, worlds
from bench.asking import NothingAnswered
from bench.rates import print_rates
from bench.rounds import Asker, headers_for, measure
from bench.sides import Side, started
from bench.targets import BESIDE_HEALTHCHECKS, HEALTHCHECKS, MORE, NAMED, TARGETS, Target
from bench.words import WORDS, own_word

HERE = Path(__file__).resolve().parent
SIZES = [1000, 100_000]
FILES = 1000
MANY, FEW = 10_000, 1000  # messages, and alerts
ROUNDS, SECONDS = 9, 0.2
ASKED = 5  # words whose query is compared with the index


def main() -> int:
    options, began = _options(), time.perf_counter()
    random.seed(5)
    databases = {"SQLite": ""} if not options.only_postgresql else {}
    if options.postgresql:
        databases["PostgreSQL"] = options.postgresql
    print(report.LINE.format(*report.HEAD).rstrip())
    rows = []
    for name, server in databases.items():
        for row in _database(name, server, options):
            print(report.LINE.format(*row.cells).rstrip(), flush=True)
            rows.append(row)
    if options.profile:
        return 0
    lacking = report.missed(rows)
    minutes = (time.perf_counter() - began) / 60
    print(f"\n{len(lacking)} of {len(rows)} rows MISSED, after {minutes:.1f} minutes")
    _write(rows)
    return 1 if options.strict and (lacking or not rows) else 0


def _options():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="1,000 rows, shorter rounds")
    add("--sizes", type=int, nargs="+", help="numbers of runbooks: 1000 and 100000 if not given")
    add("--postgresql", default="", metavar="URL", help="a server to make databases on, too")
    add("--only-postgresql", action="store_true", help="leave SQLite out")
    add("--targets", nargs="+", metavar="NAME", choices=NAMED, help="these only, and no import")
    add("--more", action="store_true", help="also what has no budget: guides, lists of runs")
    add("--strict", action="store_true", help="fail when a budget is missed")
    add("--profile", nargs="+", metavar="NAME", choices=NAMED, help="where their time goes")
    add("--rates", action="store_true", help="requests per second, too; needs wrk")
    add("--healthchecks", metavar="CHECKOUT", type=Path, help="measure its ping, too: README.md")
    options = parser.parse_args()
    if options.only_postgresql and not options.postgresql:
        parser.error("--only-postgresql needs --postgresql URL")
    options.sizes = options.sizes or (SIZES[:1] if options.quick else SIZES)
    options.rounds, options.seconds = (5, 0.15) if options.quick else (ROUNDS, SECONDS)
    return options


def _database(name: str, server: str, options) -> Iterator[report.Row]:
    """The rows of one database, each as soon as it is known."""
    _say(f"{name}: seeding {', '.join(f'{size:,}' for size in options.sizes)} runbooks")
    wanted = {*(options.profile or ()), *(options.targets or ())}
    guides = options.more or any(target.name in wanted for target in MORE)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        worlds.made(Path(folder), server, options.sizes, guides=guides) as (made, people),
    ):
        with ExitStack() as stack:
            sides = started(stack, made)
            if options.profile:
                for each in options.profile:
                    _profile(NAMED[each], sides, people)
                return
            yield from _targets(name, sides, people, options)
            if options.healthchecks:
                yield from _healthchecks(name, server, Path(folder), sides, people, options)
        if options.rates:
            print_rates(name, made, people)
        if not options.targets:
            yield from _imports(name, made, Path(folder))
            yield from _many(name, made[min(made)], quick=options.quick)


def _many(name: str, world: worlds.World, *, quick: bool) -> Iterator[report.Row]:
    """Many messages that are due, and many alerts that come."""
    count = FEW if quick else MANY
    yield report.row_of_outbox(name, world.run("bench.outbox", str(count)), count)
    yield report.row_of_escalations(name, world.run("bench.escalations", str(count)), count)
    yield report.row_of_burst(name, world.run("bench.bursts", str(count)), count)


def _healthchecks(name, server, folder, sides, people, options) -> Iterator[report.Row]:
    size = min(size for size, _ in sides)
    with (
        healthchecks.made(options.healthchecks.resolve(), folder, server) as found,
        Side(HEALTHCHECKS, **found) as other,
    ):
        beside = {(size, "portal"): sides[size, "portal"], (size, HEALTHCHECKS): other}
        figures = measure(BESIDE_HEALTHCHECKS, beside, people, options.rounds, options.seconds)
        yield from report.rows_of(BESIDE_HEALTHCHECKS, name, figures)


def _targets(name: str, sides: dict, people: dict, options) -> Iterator[report.Row]:
    chosen = [NAMED[each] for each in options.targets or ()] or TARGETS + MORE * options.more
    for target in chosen:
        found = measure(target, sides, people, options.rounds, options.seconds)
        yield from report.rows_of(target, name, found)
    if not options.targets:
        yield from _query_parts(name, sides, people)


def _query_parts(name: str, sides: dict, people: dict) -> Iterator[report.Row]:
    """What the search asks of its index, beside the bare query of the same word."""
    for size in sorted({size for size, _ in sides}):
        numbers = [random.randint(1, size) for _ in range(ASKED)]
        kinds = {"rare": [own_word(n) for n in numbers], "common": [WORDS[n % 24] for n in numbers]}
        for kind, words in kinds.items():
            found = _query_part(sides[size, "portal"], words, people)
            yield report.rows_of_query(kind, name, size, found)


def _query_part(side: Side, words: list[str], people: dict) -> dict:
    headers = headers_for(NAMED["search, rare word"], "portal", people)
    paths = [f"/search/?q={word}" for word in words]
    try:
        return side.ask("compare", paths=paths, words=words, headers=headers)
    except NothingAnswered as nothing:
        return {"error": str(nothing)}


def _imports(name: str, made: dict, folder: Path) -> Iterator[report.Row]:
    for size, world in made.items():
        found = {}
        for verb in ("product", "floor"):
            with tempfile.TemporaryDirectory(dir=folder) as files:
                found[verb] = world.run("bench.importing", verb, files)
        yield from report.rows_of_import(name, size, found["product"], found["floor"], FILES)


def _profile(target: Target, sides: dict, people: dict) -> None:
    _say(f"profile of {target.name}")
    size = max(size for size, _ in sides)
    headers = headers_for(target, "portal", people)
    asker = Asker(sides[size, "portal"], target, size, headers)
    asker.prepare(0)
    asker.profile()


def _write(rows: list[report.Row]) -> None:
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine}
    told = about | {"rows": [vars(row) | {"verdict": row.verdict} for row in rows]}
    (folder / "latest.json").write_text(json.dumps(told, indent=1))
    (folder / "latest.md").write_text(report.markdown(rows) + "\n")
    print(f"written: {folder}/latest.json and latest.md")


def _say(text: str) -> None:
    print(f"# {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

"""`./run bench`: seed, serve, load, and a table of ratios to the signed-in floor."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import measure_all

HERE = Path(__file__).resolve().parent
BUDGET = {
    "detail": 0.7,
    "detail 304": 0.9,
    "list of 50": 0.4,
    "search": 0.35,
    "runbook page": 0.55,
    "list page": 0.3,
}


def main() -> int:
    options = _options()
    if shutil.which("wrk") is None:
        print("bench: wrk is missing. Install Debian's package wrk.", file=sys.stderr)
        return 1
    databases = {"sqlite": ""} | ({"postgresql": options.postgresql} if options.postgresql else {})
    results = {
        name: {size: _one(name, url, size, options) for size in options.sizes}
        for name, url in databases.items()
    }
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "budget": BUDGET,
        "results": results,
    }
    target = HERE / "results" / "latest.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=1))
    _print(results)
    print(f"\nwritten: {target}")
    return 0


def _options():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--seconds", type=float, default=4, help="of load for each figure")
    parser.add_argument("--postgresql", default="", help="address of an empty database to fill")
    parser.add_argument("--profile", default="", help="also profile this target, in process")
    return parser.parse_args()


def _one(name: str, url: str, size: int, options) -> dict:
    """The figures of one database at one size, in a folder of its own."""
    print(f"# {name}, {size:,} runbooks", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        env = os.environ | {
            "PORTAL_DATA": folder,
            "PORTAL_HTTPS": "0",
            "PORTAL_HOSTS": "127.0.0.1",
            "PORTAL_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            **({"PORTAL_DATABASE_URL": url} if url else {}),
        }
        prepare = [sys.executable, "-m", "bench.prepare", str(size), options.profile]
        made = subprocess.run(prepare, env=env, check=True, stdout=subprocess.PIPE, text=True)
        return measure_all(json.loads(made.stdout.splitlines()[-1]), env, size, options.seconds)


HEAD = ("database", "target", "runbooks", "per s", "p50 ms", "p99 ms", "ratio", "in process")
LINE = "{:<11}{:<14}{:>9}{:>8}{:>8}{:>8}{:>7}{:>12}  {}"


def _print(results: dict) -> None:
    print(LINE.format(*HEAD, "budget"))
    for database, sizes in results.items():
        for size, figures in sizes.items():
            for target, row in figures.items():
                print(
                    LINE.format(database, target, f"{size:,}", *_cells(row), _verdict(target, row))
                )
        if len(sizes) > 1:
            _print_growth(database, sizes)


def _cells(row: dict) -> tuple[str, ...]:
    figures = (f"{row['rate']:.0f}", f"{row['p50_ms']:.1f}", f"{row['p99_ms']:.1f}")
    return (*figures, f"{row['ratio']:.2f}", f"{row['cpu_ratio']:.2f}")


def _verdict(target: str, row: dict) -> str:
    budget = BUDGET.get(target)
    return "" if not budget else f"{budget} {'met' if row['ratio'] >= budget else 'MISSED'}"


def _print_growth(database: str, sizes: dict) -> None:
    few, many = sizes[min(sizes)], sizes[max(sizes)]
    for target in few:
        slower = few[target]["ratio"] / many[target]["ratio"]
        print(f"{database:<11}{target:<14}{slower:.2f} times slower at {max(sizes):,}")


if __name__ == "__main__":
    sys.exit(main())

"""Rows of the table, each with its verdict."""

from dataclasses import dataclass

from bench.targets import IMPORT, IMPORT_MB, LATENESS, OUTBOX, QUERY_PART, Target

HEAD = ("database", "rows", "target", "ours", "reference", "value", "budget", "")
LINE = "{:<11}{:>8}  {:<34}{:>12}{:>12}{:>8}  {:<8}{}"


@dataclass(frozen=True)
class Row:
    """One line. `value` has to be at least, or at most, what the budget says; 0: told only."""

    database: str
    size: int
    target: str
    value: float = 0
    ours: str = ""
    reference: str = ""
    least: float = 0
    most: float = 0
    error: str = ""

    @property
    def verdict(self) -> str:
        if self.error:
            return f"MISSED: {self.error}"
        if not self.least and not self.most:
            return ""
        kept = self.value >= self.least if self.least else self.value <= self.most
        return "met" if kept else "MISSED"

    @property
    def budget(self) -> str:
        if self.least:
            return f"≥ {self.least:g}"
        return f"≤ {self.most:g}" if self.most else ""

    @property
    def cells(self) -> tuple[str, ...]:
        value = "" if self.error else f"{self.value:.2f}"
        about = (self.database, f"{self.size:,}", self.target, self.ours, self.reference)
        return (*about, value, self.budget, self.verdict)


def rows_of(target: Target, database: str, figures: dict) -> list[Row]:
    """A row for each size and, if there are several, one for the growth."""
    rows = [_ratio(target, database, size, found) for size, found in figures.items()]
    largest = max(figures)
    if len(figures) > 1 and target.reference in ("twin", "") and "error" not in figures[largest]:
        rows.append(_growth(target, database, largest, min(figures), figures))
    return rows


def _ratio(target: Target, database: str, size: int, found: dict) -> Row:
    if "error" in found:
        return Row(database, size, target.name, error=found["error"])
    ours, theirs = _ms(found["ours_ms"]), _ms(found.get("theirs_ms"))
    if target.most:
        value = 1 / found["ratio"]
        return Row(database, size, target.name, value, ours, theirs, most=target.most)
    value = found.get("ratio", 0)
    return Row(database, size, target.name, value, ours, theirs, least=target.budget(size))


def _growth(target: Target, database: str, size: int, least: int, figures: dict) -> Row:
    before, after = (_ms(figures[each]["ours_ms"]) for each in (least, size))
    name, value = f"{target.name}: growth", figures[size]["growth"]
    return Row(database, size, name, value, after, before, most=target.growth)


def rows_of_query(word: str, database: str, size: int, found: dict) -> Row:
    name = f"search, query part, {word} word"
    if "error" in found:
        return Row(database, size, name, error=found["error"])
    if not found["ours_ms"] or not found["raw_ms"]:
        return Row(database, size, name, error="no statement names the index")
    value = found["ours_ms"] / found["raw_ms"]
    ours, raw = _ms(found["ours_ms"]), _ms(found["raw_ms"])
    return Row(database, size, name, value, ours, raw, most=QUERY_PART)


def rows_of_import(database: str, size: int, ours: dict, floor: dict, files: int) -> list[Row]:
    name = f"import of {files:,} files"
    for side, found in (("the product", ours), ("the floor", floor)):
        if found["made"] != files:
            return [Row(database, size, name, error=f"{side} made {found['made']} runbooks")]
    value = floor["seconds"] / ours["seconds"]
    seconds = (f"{found['seconds']:.1f} s" for found in (ours, floor))
    memory = Row(database, size, f"{name}: MB", ours["peak_mb"], most=IMPORT_MB)
    return [Row(database, size, name, value, *seconds, least=IMPORT), memory]


def row_of_outbox(database: str, found: dict, count: int) -> Row:
    """How much later the last of the messages is sent if there is a dead channel as well."""
    name = "outbox with a dead channel"
    if found["sent"] != count:
        return Row(database, count, name, error=f"{found['sent']} messages were sent")
    value = found["with_dead"] / found["without"]
    times = (f"{found[each]:.1f} s" for each in ("with_dead", "without"))
    return Row(database, count, name, value, *times, most=OUTBOX)


def row_of_escalations(database: str, found: dict, count: int) -> Row:
    """How late two engines take the steps of that many escalations: 99 of 100, in seconds."""
    name = "escalation steps, lateness p99 in s"
    if found["called"] != count or found["twice"]:
        said = f"{found['called']} were called, {found['twice']} of them twice"
        return Row(database, count, name, error=said)
    if not found["pages"]:
        return Row(database, count, name, error="no page was read meanwhile")
    page = f"page {found['page_seconds'] * 1000:.0f} ms"
    about = (found["p99"], f"med. {found['median']:.2f} s", page)
    return Row(database, count, name, *about, most=LATENESS)


def row_of_burst(database: str, found: dict, count: int) -> Row:
    """That many alerts came: none is lost or stored twice, and a replay adds none."""
    name = "burst of alerts, by its replay"
    once, twice = ({"alerts": count, "twice": 0, "came": [times]} for times in (1, 2))
    if found["found"] != once or found["replayed"] != twice:
        said = f"stored {found['found']}, after a replay {found['replayed']}"
        return Row(database, count, name, error=said)
    times = (f"{found[each]:.1f} s" for each in ("first", "again"))
    return Row(database, count, name, found["first"] / found["again"], *times)


def missed(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.verdict.startswith("MISSED")]


def markdown(rows: list[Row]) -> str:
    """The same as a table of RESULTS.md."""
    lines = [" | ".join(row.cells) for row in rows]
    head = " | ".join((*HEAD[:-1], "verdict"))
    return "\n".join(f"| {line} |" for line in (head, "|".join(["---"] * len(HEAD)), *lines))


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} ms"

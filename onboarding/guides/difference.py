"""What differs between two contents of a guide (onboarding.freezing), for people to read."""

from dataclasses import dataclass

FACTS = {
    "title": "Title",
    "purpose": "Purpose",
    "audience": "Audience",
    "roles": "Roles",
    "minutes": "Minutes",
    "asks_acknowledgement": "Acknowledgement",
    "prerequisites": "Prerequisites",
}
PARTS = {
    "title": "title",
    "text": "text",
    "control": "control",
    "result": "result",
}
FILM = ("source", "title", "poster")
FILM_WORDS = {
    "captions": ("has_captions", "captions of the video"),
    "chapters": ("has_chapters", "chapters of the video"),
    "transcript_text": ("transcript", "transcript of the video"),
}


@dataclass(frozen=True)
class Change:
    """One line of a list: what happened to which step, and to what of it."""

    kind: str  # added, removed, changed, moved, about
    title: str
    number: int = 0
    parts: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return "About the guide" if self.kind == "about" else self.kind.capitalize()


def changes(old: dict | None, new: dict) -> list[Change]:
    """From one content to another, in the order of the new one; removed steps come last."""
    if old is None:
        return [Change("added", step["title"], step["number"]) for step in new["steps"]]
    before = {step["key"]: step for step in old["steps"]}
    after = {step["key"] for step in new["steps"]}
    moved = _moved(old, new)
    found = [_about(old, new), *(_of(step, before, moved) for step in new["steps"])]
    gone = [step for step in old["steps"] if step["key"] not in after]
    removed = [Change("removed", step["title"], step["number"]) for step in gone]
    return [change for change in found if change] + removed


def _about(old: dict, new: dict) -> Change | None:
    parts = tuple(label for name, label in FACTS.items() if old.get(name) != new.get(name))
    return Change("about", ", ".join(parts)) if parts else None


def _of(step: dict, before: dict, moved: set) -> Change | None:
    key, title, number = step["key"], step["title"], step["number"]
    if key not in before:
        return Change("added", title, number)
    if parts := tuple(_parts(before[key], step)):
        return Change("changed", title, number, parts + (("place",) if key in moved else ()))
    return Change("moved", title, number) if key in moved else None


def _parts(old: dict, new: dict):
    yield from (label for name, label in PARTS.items() if old.get(name) != new.get(name))
    yield from _film_parts(old["video"], new["video"])
    was, now = old["shot"] or {}, new["shot"] or {}
    if was.get("name") != now.get("name"):
        yield "picture"
    if was.get("alt", "") != now.get("alt", ""):
        yield "description of the picture"
    if was.get("callouts", []) != now.get("callouts", []):
        yield "callouts"


def _film_parts(old: dict | None, new: dict | None):
    """Another film, or other words of the same. Older versions tell only whether there were any."""
    if not old or not new or any(old.get(name) != new.get(name) for name in FILM):
        if old or new:
            yield "video"
        return
    for name, (older, label) in FILM_WORDS.items():
        is_other = old[name] != new[name] if name in old else bool(old[older]) != bool(new[name])
        if is_other:
            yield label


def _moved(old: dict, new: dict) -> set[str]:
    """The steps in both that stand in another order among each other."""
    was, now = ([step["key"] for step in content["steps"]] for content in (old, new))
    both = set(was) & set(now)
    was, now = [key for key in was if key in both], [key for key in now if key in both]
    return {one for one, other in zip(was, now, strict=True) if one != other}


def as_text(content: dict) -> str:
    """The words of a guide as one text, so that two can be compared."""
    head = [f"# {content['title']}", content["purpose"], content["audience"]]
    return "\n\n".join(part for part in [*head, *map(_step_text, content["steps"])] if part) + "\n"


def _step_text(step: dict) -> str:
    shot = step["shot"] or {"alt": "", "callouts": []}
    lines = [f"## {step['number']}. {step['title']}", step["text"].replace("\r\n", "\n")]
    lines += [f"{label}: {text}" for label, text in _named(step, shot) if text]
    lines += [f"({n}) {each['text']}" for n, each in enumerate(shot["callouts"], 1)]
    return "\n\n".join(line for line in lines if line)


def _named(step: dict, shot: dict):
    video = step["video"] or {}
    return (
        ("Control", step["control"]),
        ("You should see", step["result"]),
        ("Picture", shot["alt"]),
        ("Video", video.get("title", "")),
        ("Captions", video.get("captions", "")),
        ("Chapters", video.get("chapters", "")),
        ("Transcript", video.get("transcript_text", "")),
    )

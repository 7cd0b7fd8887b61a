"""What breaks a client when one OpenAPI document follows another. Additions never do."""

from .documents import operations, resolved

NARROWING = ("maxLength", "maximum", "maxItems")
WIDENING = ("minLength", "minimum", "minItems")


def breaks(old: dict, new: dict) -> list[str]:
    """One line for each thing that a client of the old document may no longer rely on."""
    kept = {(path, method): operation for path, method, operation in operations(new)}
    found = []
    for path, method, operation in operations(old):
        place = f"{method} {path}"
        if (path, method) in kept:
            found += Difference(old, new).operation(place, operation, kept[path, method])
        else:
            found.append(f"{place}: removed")
    return found


class Difference:
    """Compares parts of two documents, each with the references of its own."""

    def __init__(self, old: dict, new: dict):
        self.old, self.new = old, new

    def operation(self, place: str, old: dict, new: dict) -> list[str]:
        return [
            *self.parameters(place, old, new),
            *self.body(place, old, new),
            *self.responses(place, old["responses"], new["responses"]),
        ]

    def parameters(self, place: str, old: dict, new: dict) -> list[str]:
        before, after = self.named(self.old, old), self.named(self.new, new)
        found = [f"{place}: parameter {name} removed" for name in before if name not in after]
        for name, parameter in after.items():
            if parameter.get("required") and not before.get(name, {}).get("required"):
                found.append(f"{place}: parameter {name} is required now")
            if name in before:
                schemas = before[name]["schema"], parameter["schema"]
                found += self.accepted(f"{place} {name}", *schemas)
        return found

    @staticmethod
    def named(document: dict, operation: dict) -> dict:
        rows = [resolved(document, row) for row in operation.get("parameters", [])]
        return {(row["in"], row["name"]): row for row in rows}

    def body(self, place: str, old: dict, new: dict) -> list[str]:
        before, after = old.get("requestBody", {}), new.get("requestBody", {})
        found = []
        if after.get("required") and not before.get("required"):
            found.append(f"{place}: a body is required now")
        for kind, content in before.get("content", {}).items():
            now = after.get("content", {}).get(kind)
            if now is None:
                found.append(f"{place}: {kind} is not accepted any more")
            else:
                found += self.accepted(f"{place} body", content["schema"], now["schema"])
        return found

    def responses(self, place: str, old: dict, new: dict) -> list[str]:
        found = []
        for status in (status for status in old if status.startswith("2")):
            if status not in new:
                found.append(f"{place}: {status} removed")
                continue
            before = resolved(self.old, old[status]).get("content", {})
            after = resolved(self.new, new[status]).get("content", {})
            for kind, content in before.items():
                spot = f"{place} {status} {kind}"
                if kind not in after:
                    found.append(f"{spot}: removed")
                else:
                    found += self.given(spot, content["schema"], after[kind]["schema"])
        return found

    def both(self, old: dict, new: dict) -> tuple[dict, dict]:
        return self.whole(self.old, old), self.whole(self.new, new)

    def whole(self, document: dict, schema: dict) -> dict:
        """A schema with its references and `allOf` in one."""
        found = resolved(document, schema)
        for part in found.get("allOf", []):
            found = {**self.whole(document, part), **found}
        return found

    def accepted(self, place: str, old: dict, new: dict) -> list[str]:
        """What clients send: it may become wider, never narrower."""
        old, new = self.both(old, new)
        found = self.changed_type(place, old, new)
        found += [f"{place}: {value} is refused now" for value in gone(old, new)]
        found += [f"{place}: {name} is lower" for name in NARROWING if is_less(new, old, name)]
        found += [f"{place}: {name} is higher" for name in WIDENING if is_less(old, new, name)]
        if old.get("nullable") and not new.get("nullable"):
            found.append(f"{place}: null is refused now")
        added = set(new.get("required", [])) - set(old.get("required", []))
        found += [f"{place}/{name}: required now" for name in sorted(added)]
        return found + self.inside(place, old, new, self.accepted)

    def given(self, place: str, old: dict, new: dict) -> list[str]:
        """What clients read: each member stays, with its type and with no new kind of value."""
        old, new = self.both(old, new)
        found = self.changed_type(place, old, new)
        found += [f"{place}: {value} may come now" for value in gone(new, old)]
        if new.get("nullable") and not old.get("nullable"):
            found.append(f"{place}: may be null now")
        removed = set(old.get("required", [])) - set(new.get("required", []))
        found += [f"{place}/{name}: may be missing now" for name in sorted(removed)]
        return found + self.inside(place, old, new, self.given)

    def inside(self, place: str, old: dict, new: dict, compare) -> list[str]:
        found, members = [], new.get("properties", {})
        for name, member in old.get("properties", {}).items():
            spot = f"{place}/{name}"
            if name in members:
                found += compare(spot, member, members[name])
            else:
                found.append(f"{spot}: removed")
        if "items" in old and "items" in new:
            found += compare(f"{place}[]", old["items"], new["items"])
        return found

    @staticmethod
    def changed_type(place: str, old: dict, new: dict) -> list[str]:
        kinds = [(each.get("type"), each.get("format")) for each in (old, new)]
        return [] if kinds[0] == kinds[1] else [f"{place}: {kinds[0]} became {kinds[1]}"]


def gone(before: dict, after: dict) -> list:
    """Values that only the first enumeration has."""
    if "enum" not in before or "enum" not in after:
        return [] if "enum" not in after else ["whatever is not listed"]
    return [value for value in before["enum"] if value not in after["enum"]]


def is_less(first: dict, second: dict, name: str) -> bool:
    """Whether a bound of the first is lower, or there only."""
    low, high = (first, second)
    if name in NARROWING:
        return name in low and low[name] < high.get(name, float("inf"))
    return name in high and low.get(name, float("-inf")) < high[name]

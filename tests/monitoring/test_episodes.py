"""Which episodes follow from the times that were reported, in whatever order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

from portal.monitoring.models.episodes import APART, episodes

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(minutes):
    return DAY + timedelta(minutes=minutes)


def of(spans):
    """(start, end) of each episode, in minutes."""
    made = {at(start): {at(end) for end in ends} for start, ends in spans.items()}
    return [
        (minutes(each.starts_at), each.ends_at and minutes(each.ends_at)) for each in episodes(made)
    ]


def minutes(time):
    return (time - DAY) / timedelta(minutes=1)


def test_a_start_without_an_end_fires():
    assert of({1: []}) == [(1, None)]


def test_an_end_ends_it():
    assert of({1: [5]}) == [(1, 5)]


def test_a_start_after_an_end_is_a_new_episode():
    assert of({1: [5], 6: []}) == [(1, 5), (6, None)]


def test_starts_of_two_replicas_are_one_episode_that_ends_when_both_say_so():
    assert of({1: [5], 1.1: []}) == [(1, None)]
    assert of({1: [5], 1.1: [6]}) == [(1, 6)]


def test_a_start_that_its_tool_forgot_does_not_fire_for_ever():
    much_later = 1 + APART / timedelta(minutes=1) + 1

    assert of({1: [], much_later: [much_later + 5]}) == [(1, much_later + 5)]


def test_only_the_last_episode_fires():
    assert of({1: [5], 2: [], 6: []}) == [(1, 5), (6, None)]


def test_an_end_that_is_known_later_parts_what_was_one():
    assert of({1: [], 6: []}) == [(1, None)]
    assert of({1: [5], 6: []}) == [(1, 5), (6, None)]


def test_nothing_that_is_added_joins_two_episodes():
    random = Random(12)
    for _ in range(500):
        spans, parted = {}, []
        for _ in range(8):
            start = random.choice([1, 2, 3, 20, 21, 40])
            ends = spans.setdefault(at(start), set())
            if random.random() < 0.6:
                ends.add(at(start + random.choice([0, 1, 5, 19, 25])))
            parted = still_parted(parted, episodes({key: set(of) for key, of in spans.items()}))


def still_parted(before, now):
    """The pairs of starts that are of two episodes; none may have become one."""
    home = {start: number for number, each in enumerate(now) for start in each.spans}
    assert all(home[one] != home[other] for one, other in before)
    return [(one, other) for one in home for other in home if home[one] < home[other]]


def test_the_order_in_which_times_are_added_does_not_matter():
    reported = [(1, None), (1, 5), (1.1, None), (6, None), (1.1, 7)]
    found = set()
    for order in permutations(reported):
        spans = {}
        for start, end in order:
            spans.setdefault(start, []).extend([end] if end else [])
        found.add(str(of(spans)))

    assert len(found) == 1

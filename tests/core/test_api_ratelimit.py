import threading

import pytest

from portal.core.api import ratelimit
from portal.core.api.ratelimit import Limiter, OverLimit


def test_it_counts_down_and_begins_anew_after_a_minute():
    limiter = Limiter("default", 2)

    assert limiter.count("nina", now=1000) == (1, 60)
    assert limiter.count("nina", now=1030) == (0, 30)
    assert limiter.count("nina", now=1059.9) == (-1, 1)
    assert limiter.count("nina", now=1060) == (1, 60)


def test_callers_are_counted_apart():
    limiter = Limiter("default", 1)
    limiter.check("nina")

    assert limiter.check("rita")["RateLimit"] == '"default";r=0;t=60'
    with pytest.raises(OverLimit):
        limiter.check("nina")


def test_a_refusal_says_when_to_come_back():
    limiter = Limiter("default", 0)

    with pytest.raises(OverLimit) as refused:
        limiter.check("nina")

    assert refused.value.wait == 60
    assert refused.value.limits == {
        "RateLimit-Policy": '"default";q=0;w=60',
        "RateLimit": '"default";r=0;t=60',
    }


def test_memory_is_bounded_and_a_crowd_forgets_the_oldest_only(monkeypatch):
    monkeypatch.setattr(ratelimit, "CALLERS_AT_MOST", 3)
    limiter = Limiter("default", 1)
    for second, caller in enumerate(["a", "b", "c", "d"]):
        limiter.count(caller, now=1000 + second)

    assert list(limiter.seen) == ["b", "c", "d"]
    assert limiter.count("d", now=1004)[0] == -1


def test_no_request_of_many_threads_is_lost():
    limiter = Limiter("default", 8000)

    def send():
        for _ in range(1000):
            limiter.count("nina")

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert limiter.count("nina")[0] == -1

"""Limits: what is counted, what is told, and that all processes count together."""

import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from socket import socket

import pytest
from limits.storage import MemoryStorage

from portal.core.api import ratelimit
from portal.core.api.counts import CountFile
from portal.core.api.ratelimit import AGAIN, Counts, Limiter, OverLimit
from tests.programs import bare_environment, python

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def counted(tmp_path):
    """A file of counts with one bucket."""
    return CountFile(tmp_path / "counts", secret="s", buckets=1)


def test_it_counts_down_and_begins_anew_after_a_minute(time_machine):
    limiter = Limiter("default", 2)

    time_machine.move_to(1000, tick=False)
    assert limiter.count("nina") == (1, 60)
    time_machine.move_to(1030, tick=False)
    assert limiter.count("nina") == (0, 30)
    time_machine.move_to(1059.9, tick=False)
    assert limiter.count("nina") == (-1, 1)
    time_machine.move_to(1060, tick=False)
    assert limiter.count("nina") == (1, 60)


def test_a_clock_that_is_set_back_locks_nobody_out(time_machine):
    limiter = Limiter("default", 2)

    time_machine.move_to(100_000, tick=False)
    limiter.count("nina")
    time_machine.move_to(1000, tick=False)
    assert limiter.count("nina") == (1, 60)


def test_callers_and_limits_are_counted_apart():
    limiter = Limiter("default", 1)
    limiter.check("nina")

    assert limiter.check("rita")["RateLimit"] == '"default";r=0;t=60'
    assert Limiter("sign-in", 1).check("nina")["RateLimit"] == '"sign-in";r=0;t=60'
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


def test_the_file_never_grows_and_a_crowd_frees_nobody_near_a_limit(counted):
    size = counted.path.stat().st_size
    for _ in range(30):
        counted.incr("nina", 60)
    for number in range(1000):
        counted.incr(f"stranger {number}", 60)

    assert counted.get("nina") == 30
    assert counted.path.stat().st_size == size
    assert counted.path.stat().st_mode & 0o777 == 0o600


def test_a_new_caller_takes_the_place_of_one_whose_time_is_over(counted, time_machine):
    time_machine.move_to(1000, tick=False)
    counted.incr("long gone", 60, 500)
    time_machine.move_to(1070, tick=False)
    for number in range(8):
        counted.incr(str(number), 60)

    assert [counted.get(str(number)) for number in range(8)] == [1] * 8
    assert counted.get("long gone") == 0


def test_what_is_cleared_begins_anew(counted):
    counted.incr("nina", 60)
    counted.incr("rita", 60)
    counted.clear("nina")

    assert (counted.get("nina"), counted.get("rita")) == (0, 1)


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


class Broken(MemoryStorage):
    STORAGE_SCHEME = None
    base_exceptions = OSError

    def incr(self, *arguments, **options):
        raise OSError("No space left on device")


def test_without_the_shared_counts_each_process_counts_alone(monkeypatch):
    broken = Counts(Broken())
    monkeypatch.setattr(ratelimit, "counts", lambda: broken)
    limiter = Limiter("default", 2)

    assert [limiter.count("nina")[0] for _ in range(3)] == [1, 0, -1]


def test_shared_counts_that_fail_are_left_in_peace_for_a_while(caplog):
    caplog.set_level("WARNING")
    broken = Counts(Broken())

    for _ in range(3):
        broken.count("nina")
    assert len(caplog.messages) == 1

    broken.again_at -= AGAIN
    broken.count("nina")
    assert len(caplog.messages) == 2


WORKER = """
import sys
from portal.core.ops import data_folder
data_folder.make()
from portal.core.api.ratelimit import Limiter
limiter = Limiter("default", 1000)
limiter.count("someone else")
print("ready", flush=True)
sys.stdin.readline()
print(sum(limiter.count("nina")[0] >= 0 for _ in range(int(sys.argv[1]))))
"""


def accepted(*requests: int, **environment) -> list[int]:
    """How many of so many requests each worker process lets pass when all send at once."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(number)],
            cwd=ROOT,
            env=bare_environment(DJANGO_SETTINGS_MODULE="portal.settings", **environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in requests
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [int(worker.communicate(timeout=60)[0]) for worker in workers]


def test_a_limit_holds_over_all_worker_processes(tmp_path):
    assert sum(accepted(900, 900, PORTAL_DATA=str(tmp_path))) == 1000


@pytest.fixture
def redis(need, tmp_path):
    """The address of a Redis of this test; `redis.kill()` takes it away."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [need("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    server.url = f"redis://127.0.0.1:{port}/0"
    for _ in range(100):
        with closing(socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield server
    server.kill()
    server.wait()


def test_with_redis_it_holds_over_all_machines(redis, tmp_path):
    folders = [str(tmp_path / name) for name in ("one", "two")]
    first = accepted(600, PORTAL_DATA=folders[0], PORTAL_CACHE_URL=redis.url)
    valkey = redis.url.replace("redis", "valkey", 1)
    then = accepted(300, 300, PORTAL_DATA=folders[1], PORTAL_CACHE_URL=valkey)

    assert first == [600]
    assert sum(then) == 400


SHARED = "from django.core.cache import caches; shared = caches['default'];"


def test_redis_is_the_cache_of_all_processes(redis, tmp_path):
    told = {"PORTAL_DATA": str(tmp_path), "PORTAL_CACHE_URL": redis.url}
    environment = bare_environment(DJANGO_SETTINGS_MODULE="portal.settings", **told)

    def say(code):
        return python("-c", SHARED + code, env=environment).stdout

    say("shared.set('word', 'hello')")
    assert say("print(shared.get('word'))") == "hello\n"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def over_redis(redis, settings):
    """The limits of this process counted in that Redis."""
    settings.CACHE_URL = redis.url
    ratelimit.counts.cache_clear()
    yield redis
    ratelimit.counts.cache_clear()


def test_the_headers_are_the_same_with_redis_and_limits_hold_without_it(over_redis):
    limiter = Limiter("default", 3)
    assert limiter.check("nina")["RateLimit"] == '"default";r=2;t=60'

    over_redis.kill()
    over_redis.wait()
    began = time.monotonic()
    assert [limiter.count("nina")[0] for _ in range(4)] == [2, 1, 0, -1]
    assert time.monotonic() - began < 5

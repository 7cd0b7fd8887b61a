"""Counts that all processes of a machine share: a small file in the data folder, without a query.

A read of the API must neither wait for the database's one writer nor make a row. With Redis
(PORTAL_CACHE_URL) the counts are shared by all machines.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from struct import Struct

from limits.storage import Storage

SLOT = Struct("<8sdI4x")  # whom it counts, when that ends, how many
SLOTS, BUCKETS = 8, 4096  # each caller has a bucket, in which eight find room


class CountFile(Storage):
    """Fixed windows, each from the first count on; of one size, however many are counted.

    When a bucket is full, the one that was counted least makes room: a crowd frees nobody who
    is near a limit. `secret` keeps strangers from choosing whose bucket they fill.
    """

    STORAGE_SCHEME = None
    base_exceptions = OSError

    def __init__(self, path: Path, *, secret: str, buckets: int = BUCKETS):
        super().__init__()
        self.path, self.secret, self.buckets = path, secret.encode()[:64], buckets
        self.threads = threading.Lock()  # locks on files are between processes only
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.posix_fallocate(self.file, 0, buckets * SLOTS * SLOT.size)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        digest, place = self._place(key)
        with self._locked(place):
            now = time.time()
            number, end, count = self._find(digest, place, now)
            # an end far away: the clock was set back
            if not now < end <= now + expiry:
                end, count = now + expiry, 0
            count = min(count + amount, 2**32 - 1)
            os.pwrite(self.file, SLOT.pack(digest, end, count), place + number * SLOT.size)
        return count

    def get(self, key: str) -> int:
        return self._find(*self._place(key), time.time())[2]

    def get_expiry(self, key: str) -> float:
        now = time.time()
        return self._find(*self._place(key), now)[1] or now

    def check(self) -> bool:
        return self.path.exists()

    def reset(self) -> None:
        os.pwrite(self.file, bytes(self.buckets * SLOTS * SLOT.size), 0)

    def clear(self, key: str) -> None:
        digest, place = self._place(key)
        with self._locked(place):
            number, *_ = self._find(digest, place, time.time())
            os.pwrite(self.file, bytes(SLOT.size), place + number * SLOT.size)

    def _place(self, key: str) -> tuple[bytes, int]:
        """What stands for the key, and where its bucket begins."""
        whole = blake2b(key.encode(), digest_size=12, key=self.secret).digest()
        bucket = int.from_bytes(whole[8:], "little") % self.buckets
        return whole[:8], bucket * SLOTS * SLOT.size

    def _find(self, digest: bytes, place: int, now: float) -> tuple[int, float, int]:
        """The slot of the key with its end and count, or the one that it may take: 0 and 0."""
        best, least = 0, None
        bucket = os.pread(self.file, SLOTS * SLOT.size, place)
        for number, (name, end, count) in enumerate(SLOT.iter_unpack(bucket)):
            live = end > now
            if name == digest:
                return (number, end, count) if live else (number, 0, 0)
            if least is None or (live, count) < least:
                best, least = number, (live, count)
        return best, 0, 0

    @contextmanager
    def _locked(self, place: int) -> Iterator[None]:
        with self.threads:
            fcntl.lockf(self.file, fcntl.LOCK_EX, SLOTS * SLOT.size, place)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN, SLOTS * SLOT.size, place)

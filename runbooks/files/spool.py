"""What was made of one file and is needed again after all others: on the disk, not in memory."""

import pickle
from tempfile import TemporaryFile
from typing import Any


class Spool:
    """Keeps things that can be pickled, until it is forgotten itself."""

    def __init__(self) -> None:
        self.file = TemporaryFile()  # noqa: SIM115 (closed with the spool)
        self.places: dict[str, int] = {}

    def keep(self, name: str, thing: Any) -> None:
        self.places[name] = self.file.seek(0, 2)
        pickle.dump(thing, self.file, protocol=pickle.HIGHEST_PROTOCOL)

    def take(self, name: str) -> Any:
        """What was kept under this name; None if nothing was."""
        if name not in self.places:
            return None
        self.file.seek(self.places[name])
        return pickle.load(self.file)  # noqa: S301 (ours: the file has no name)

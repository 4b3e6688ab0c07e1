"""One watcher a folder, however many processes are told to watch it: whoever holds the lock of the folder.

The lock is the operating system's own (`flock`), so it ends with the process that held it, killed or not.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

NAME = ".lotgate-watch"


class FolderLock:
    """Held from the first `take` that succeeds until `leave`, or until the process ends."""

    def __init__(self, root: Path) -> None:
        self._path = root / NAME
        self._held: int | None = None

    def take(self) -> bool:
        """Whether this one watches. Raises OSError where the folder is not there, or can't be written in."""
        if self._held is not None:
            return True
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return False
        except OSError:
            os.close(opened)
            raise
        self._held = opened
        return True

    def leave(self) -> None:
        """Let another one watch."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

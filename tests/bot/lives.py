"""A bot process that can be killed and started again quickly: its modules are loaded once, each life is a fork.

    python -m tests.bot.lives       (stdin: an environment as JSON starts a life; stdout: its process id)

A life is `bot.main.main()` and nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Lives:
    """The process that forks; used by tests."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.lives"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.environment: dict[str, str] = {}
        self.pid: int | None = None
        self.count = 0

    def start(self) -> None:
        """A new life."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(self.environment) + "\n")
        self.process.stdin.flush()
        self.pid = int(self.process.stdout.readline())
        self.count += 1

    def kill(self) -> None:
        """kill -9."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
        self.pid = None

    def end(self) -> None:
        """No more lives."""
        self.kill()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def serve() -> None:
    """Fork a life for each line; a killed one is buried before the next begins."""
    from bot.main import main

    last = None
    for line in sys.stdin:
        if last is not None:
            os.waitpid(last, 0)
        last = os.fork()
        if last == 0:
            devnull = os.open(os.devnull, os.O_RDWR)
            os.dup2(devnull, 0)
            os.dup2(devnull, 1)
            os.environ.update(json.loads(line))
            os._exit(main())
        print(last, flush=True)


if __name__ == "__main__":
    serve()

"""A copy of a running system in one tar: database, witness, files of the record, keys; checked whole when read.

Order makes it consistent while work goes on. The witness is copied first, its head before its leaves, so that it
is never ahead of the database; the database is copied at one moment by its own means; files come last, since a
file is there before anything refers to it.

    manifest.json      format, time, engine, and the SHA-256 and size of every file, written last
    data/...           the data folder; lotgate.sqlite3 is SQLite's own online copy
    database.dump      instead, for PostgreSQL: pg_dump's custom format
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec
from pysqlite3 import dbapi2 as sqlite

FORMAT = "lotgate-backup/1"
MANIFEST, DUMP, DATABASE = "manifest.json", "database.dump", "lotgate.sqlite3"
WITNESS = ("log/checkpoint", "log/checkpoints", "log/leaves")
CHUNK = 2**20


class FileLine(msgspec.Struct, frozen=True):
    """One file of a backup."""

    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: str
    made_at: str
    engine: Literal["sqlite", "postgres"]
    files: dict[str, FileLine]


class BadBackup(RuntimeError):
    """The file is no backup, or not as it was written; the text says which member and why."""


class NoTool(RuntimeError):
    """PostgreSQL's own program is missing here."""


def make_backup(target: Path, data: Path, database_url: str | None, made_at: str) -> Manifest:
    """Write `target` (mode 0600, in place only when whole). Raises NoTool, OSError."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    files: dict[str, FileLine] = {}
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out, tempfile.TemporaryDirectory() as folder:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for name, path in _members(data, database_url, Path(folder)):
                    files[name] = _put(tar, name, path)
                manifest = Manifest(FORMAT, made_at, "postgres" if database_url else "sqlite", files)
                _put_bytes(tar, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _members(data: Path, database_url: str | None, folder: Path) -> Iterator[tuple[str, Path]]:
    """Names and files, in the order that keeps the copy consistent; each is made only when its turn comes."""
    for name in WITNESS:
        if (data / name).exists():
            yield f"data/{name}", data / name
    if database_url:
        yield DUMP, _dumped(database_url, folder / DUMP)
    else:
        yield f"data/{DATABASE}", _copied(data / DATABASE, folder / DATABASE)
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        passing = name in WITNESS or name.startswith(DATABASE) or name.endswith(".new")
        if path.is_file() and not path.is_symlink() and not passing:
            yield f"data/{name}", path


def _copied(source: Path, target: Path) -> Path:
    """SQLite's online copy: one moment of a database that goes on working."""
    if not source.exists():
        raise FileNotFoundError(2, "no database", str(source))
    old = sqlite.connect(f"file:{source.as_posix()}?mode=ro", uri=True)
    new = sqlite.connect(str(target))
    try:
        old.backup(new)
        new.execute("pragma journal_mode=delete")
    finally:
        new.close()
        old.close()
    return target


def _dumped(url: str, target: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise NoTool("pg_dump is not here: sudo apt-get install postgresql-client")
    address = urlsplit(url)
    password = {"PGPASSWORD": unquote(address.password)} if address.password else {}  # not for `ps` to see
    plain = urlunsplit(address._replace(netloc=address.netloc.replace(f":{address.password}@", "@")))
    command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", plain]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | password)
    if done.returncode != 0:
        raise NoTool(done.stderr.strip() or f"pg_dump ended with {done.returncode}")
    return target


def _put(tar: tarfile.TarFile, name: str, path: Path) -> FileLine:
    """Add a file as long as it is now; one that grows meanwhile is kept up to here."""
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        hashing = _Hashing(file, info.size)
        tar.addfile(info, hashing)  # type: ignore[arg-type]
    return FileLine(hashing.digest.hexdigest(), info.size)


def _put_bytes(tar: tarfile.TarFile, name: str, body: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(body), 0o600
    tar.addfile(info, io.BytesIO(body))


class _Hashing:
    """Reads so many bytes of a file and hashes what it hands on."""

    def __init__(self, file: io.BufferedReader, size: int) -> None:
        self.digest, self._file, self._left = hashlib.sha256(), file, size

    def read(self, size: int) -> bytes:
        """The next bytes."""
        block = self._file.read(min(size, self._left))
        self._left -= len(block)
        self.digest.update(block)
        return block


def unpack(backup: Path, folder: Path) -> Manifest:
    """Write a backup's files below `folder`, each checked against the manifest. Raises BadBackup, OSError."""
    found: dict[str, FileLine] = {}
    text = b""
    try:
        with tarfile.open(backup, "r:") as tar:
            for member in tar:
                if not member.isreg() or not _stays_inside(member.name):
                    raise BadBackup(f"{member.name}: not a plain file of a backup")
                source = tar.extractfile(member)
                assert source is not None
                if member.name == MANIFEST:
                    text = source.read(2**26)
                else:
                    found[member.name] = _written(source, folder / member.name)
        manifest = msgspec.json.decode(text, type=Manifest)
    except (tarfile.TarError, EOFError, msgspec.DecodeError) as error:
        raise BadBackup(f"{backup}: {error}") from error
    if manifest.format != FORMAT:
        raise BadBackup(f"{backup}: written by another version ({manifest.format})")
    for name in sorted({*found, *manifest.files}):
        if found.get(name) != manifest.files.get(name):
            raise BadBackup(f"{name}: {'missing' if name not in found else 'not as it was written'}")
    return manifest


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    known = name in (MANIFEST, DUMP) or name.startswith("data/")
    return known and not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _written(source: IO[bytes], path: Path) -> FileLine:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while block := source.read(CHUNK):
            file.write(block)
            digest.update(block)
            size += len(block)
        file.flush()
        os.fsync(file.fileno())
    return FileLine(digest.hexdigest(), size)


def restore(backup: Path, into: Path) -> Manifest:
    """Unpack into a folder that is new or empty: all of it, or nothing. Raises BadBackup, OSError."""
    if into.exists() and any(into.iterdir()):
        raise BadBackup(f"{into} is not empty: a backup never overwrites")
    fresh = into.with_name(f".{into.name}.{os.getpid()}.new")
    fresh.mkdir(parents=True)
    try:
        manifest = unpack(backup, fresh)
        data = fresh / "data"
        data.mkdir(exist_ok=True)
        if (fresh / DUMP).exists():
            (fresh / DUMP).rename(data / DUMP)
        if into.exists():
            into.rmdir()
        data.rename(into)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest

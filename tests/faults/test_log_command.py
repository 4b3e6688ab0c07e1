"""`lotgate log verify` on real files: quiet, naming what was touched in two languages, or saying why it cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple, get_args

import asyncpg
import pytest
from pysqlite3 import dbapi2 as sqlite

from backend.cli import main
from backend.cli.log_words import SENTENCES
from backend.domain.canonical import canonical
from backend.domain.merkle import WIDTH, Tree, leaf_hash
from backend.domain.notes import sign_checkpoint
from backend.outside.maker_key import MakerKey, maker_key, verify_ed25519
from backend.store.log_report import Code
from backend.store.reader import Reader
from backend.store.verify_log import verify_log
from backend.store.witness import Witness
from tests.faults.decisions import play
from tests.faults.tampering import attacking
from tests.stores import Templates, opened


class Site(NamedTuple):
    """A data folder as the server leaves it."""

    folder: Path
    key: MakerKey

    @property
    def database(self) -> Path:
        return self.folder / "lotgate.sqlite3"

    def change(self, *statements: str) -> None:
        """By hand, in the file."""
        connection = sqlite.connect(str(self.database), isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite.connect(str(self.database), isolation_level=None)
        rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
        connection.close()
        return rows


async def play_at(folder: Path, database: Any) -> MakerKey:
    """A few days, witnessed in `folder`."""
    key = maker_key(folder, "maker.example/lotgate")
    (folder / "maker.vkey").write_text(f"{key.vkey}\n")
    witness = Witness(folder / "log", key.vkey, key.sign)
    async with opened(database) as store:
        witness.attach(store)
        await witness.catch_up(store.read_long)
        await play(store)
    await witness.close()
    return key


@pytest.fixture(scope="module")
async def played(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    database = await templates.copy("sqlite")
    key = await play_at(folder, database)
    shutil.copyfile(str(getattr(database, "path", "")), folder / "lotgate.sqlite3")
    return Site(folder, key)


@pytest.fixture
def site(played: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A copy to be touched."""
    shutil.copytree(played.folder, tmp_path / "data")
    monkeypatch.setenv("LOTGATE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("LOTGATE_DATABASE_URL", raising=False)
    return Site(tmp_path / "data", played.key)


def verify(*args: str) -> int:
    return main.main(["log", "verify", "--lang", "en", *args])


def test_it_says_nothing_where_all_holds(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify() == 0
    assert capsys.readouterr() == ("", "")
    assert verify("--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    assert report["unproved"] == 0


@pytest.mark.proves("AUD-2")
def test_it_names_the_row_in_both_languages(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    [(lot,)] = site.rows("select id from lot where status = 'released' order by id limit 1")
    site.change(f"update lot set expires_on = '2199-12-31' where id = '{lot}'")
    assert verify() == 1
    out, err = capsys.readouterr()
    assert out == f'lot {lot}: column expires_on should be "2099-12-31", is "2199-12-31"\n'
    assert err.startswith("1 findings in ")
    assert verify("--lang", "zh") == 1
    assert capsys.readouterr().out == f'lot {lot}：列 expires_on 应为 "2099-12-31"，实为 "2199-12-31"\n'
    assert verify("--json") == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["table"], finding["id"], finding["column"]) == (
        "row_changed",
        "lot",
        lot,
        "expires_on",
    )


def codes(capsys: pytest.CaptureFixture[str]) -> set[tuple[str, str, str | None]]:
    findings = json.loads(capsys.readouterr().out)["findings"]
    return {(finding["code"], finding["table"], finding.get("id")) for finding in findings}


SCHEMA: list[tuple[list[str], tuple[str, str, str]]] = [
    (["drop trigger event_no_update"], ("schema_missing", "event", "event_no_update")),
    (
        [
            "drop trigger event_no_delete",
            "create trigger event_no_delete before delete on event begin select 1; end",
        ],
        ("schema_changed", "event", "event_no_delete"),
    ),
    (["drop index release_in_force"], ("schema_missing", "release", "release_in_force")),
    (
        ["drop index release_in_force", 'create index release_in_force on "release" (receipt_id)'],
        ("schema_changed", "release", "release_in_force"),
    ),
    (
        ["create trigger quiet after insert on lot begin update lot set status = 'released'; end"],
        ("schema_unknown", "lot", "quiet"),
    ),
    (
        ["alter table lot rename to kept", "create view lot as select * from kept"],
        ("schema_missing", "lot", "lot"),
    ),
    (["drop table hold"], ("table_unreadable", "hold", None)),  # type: ignore[list-item]
    (["alter table lot add column note text"], ("schema_changed", "lot", "lot")),
]


@pytest.mark.proves("AUD-1", "AUD-2")
@pytest.mark.parametrize(("statements", "finding"), SCHEMA, ids=[str(row[1]) for row in SCHEMA])
def test_schema_tricks_are_found(
    site: Site, capsys: pytest.CaptureFixture[str], statements: list[str], finding: tuple[str, str, str]
) -> None:
    site.change(*statements)
    assert verify("--json") == 1
    assert finding in codes(capsys)


def cut_leaves(log: Path) -> None:
    leaves = (log / "leaves").read_bytes()
    (log / "leaves").write_bytes(leaves[:-WIDTH])


def zero_leaf(log: Path) -> None:
    leaves = (log / "leaves").read_bytes()
    (log / "leaves").write_bytes(bytes(WIDTH) + leaves[WIDTH:])


def spoil_history(log: Path) -> None:
    (log / "checkpoints").write_text("nothing\n")


def older_history(log: Path) -> None:
    (log / "checkpoints").write_text(f"7 {'ab' * WIDTH}\n")


def flip_signature(log: Path) -> None:
    note = (log / "checkpoint").read_text()
    (log / "checkpoint").write_text(note[:-8] + ("A" if note[-8] != "A" else "B") + note[-7:])


FOLDER: list[tuple[Callable[[Path], object], tuple[str, str, str]]] = [
    (lambda log: (log / "leaves").unlink(), ("witness_missing", "witness", "leaves")),
    (lambda log: (log / "checkpoint").unlink(), ("witness_missing", "witness", "checkpoint")),
    (lambda log: (log / "checkpoints").unlink(), ("witness_missing", "witness", "checkpoints")),
    (lambda log: shutil.rmtree(log), ("witness_missing", "witness", "checkpoint")),
    (lambda log: (log.parent / "maker.vkey").unlink(), ("witness_missing", "witness", "maker.vkey")),
    (lambda log: (log / "checkpoint").write_text("x"), ("witness_unreadable", "witness", "checkpoint")),
    (cut_leaves, ("witness_cut", "witness", "leaves")),
    (zero_leaf, ("witness_cut", "witness", "leaves")),
    (spoil_history, ("witness_unreadable", "witness", "checkpoints")),
    (older_history, ("history_differs", "witness", "checkpoints")),
    (flip_signature, ("checkpoint_untrusted", "witness", "checkpoint")),
]


@pytest.mark.proves("AUD-2")
@pytest.mark.parametrize(("touch", "finding"), FOLDER)
def test_a_touched_witness_is_found(
    site: Site,
    capsys: pytest.CaptureFixture[str],
    touch: Callable[[Path], object],
    finding: tuple[str, str, str],
) -> None:
    touch(site.folder / "log")
    assert verify("--json") == 1
    assert finding in codes(capsys)


def rewrite_all(site: Site, key: MakerKey) -> None:
    """The whole log told anew, consistent from rows to heads, signed with the attacker's `key`."""
    site.change("drop trigger event_no_update")
    tree = Tree()
    connection = sqlite.connect(str(site.database), isolation_level=None)
    for seq, body in connection.execute("select seq, body from event order by seq").fetchall():
        told = body.replace('"1.25"', '"1.29"')
        tree.append(leaf_hash(told.encode()))
        leaf = tree.leaf(seq).hex()
        connection.execute("update event set body = ?, leaf = ? where seq = ?", (told, leaf, seq))
    connection.execute("update reading set entered = '1.29', value = '1.29' where entered = '1.25'")
    connection.execute("update signature set record = replace(record, '\"1.25\"', '\"1.29\"')")
    connection.close()
    site.change(
        "create trigger event_no_update before update on event "
        "begin select raise(abort, 'the log is append-only'); end"
    )
    log, size = site.folder / "log", len(tree)
    (log / "leaves").write_bytes(b"".join(tree.leaf(seq) for seq in range(size)))
    (log / "checkpoints").write_text(f"{size} {tree.root().hex()}\n")
    (log / "checkpoint").write_bytes(sign_checkpoint(key.vkey, size, tree.root(), key.sign))


@pytest.mark.proves("AUD-2")
def test_a_wholesale_rewrite_needs_the_makers_key(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.vkey"
    shutil.copyfile(site.folder / "maker.vkey", mine)
    forger = tmp_path / "forger"
    forger.mkdir()
    rewrite_all(site, maker_key(forger, "maker.example/lotgate"))
    assert verify("--json") == 1
    assert codes(capsys) == {("checkpoint_untrusted", "witness", "checkpoint")}
    (site.folder / "maker.vkey").write_text(maker_key(forger, "maker.example/lotgate").vkey)
    assert verify("--json") == 0, "the forger's key lies in the folder: only a copy kept elsewhere tells"
    capsys.readouterr()
    assert verify("--json", "--key", str(mine)) == 1
    assert codes(capsys) == {("checkpoint_untrusted", "witness", "checkpoint")}


@pytest.mark.proves("AUD-2")
def test_a_rewrite_with_the_makers_key_is_found_by_an_older_head(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    past = (site.folder / "log" / "checkpoints").read_text()
    rewrite_all(site, site.key)
    (site.folder / "log" / "checkpoints").write_text(past)
    assert verify("--json") == 1
    assert {code for code, _, _ in codes(capsys)} == {"history_differs"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"no database at all" * 100, "cannot be read"),
        (b"", "No Lotgate database of this version"),
    ],
)
def test_what_cannot_be_read_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
) -> None:
    file = tmp_path / "some.db"
    if content is not None:
        file.write_bytes(content)
    assert verify("--data", str(tmp_path), "--database", str(file)) == 2
    assert words in capsys.readouterr().err
    assert verify("--data", str(tmp_path), "--database", str(file), "--json") == 2
    assert set(json.loads(capsys.readouterr().out)) == {"error", "detail"}


def test_a_folder_without_write_access_is_read_as_it_rests(site: Site) -> None:
    for name in ("lotgate.sqlite3-wal", "lotgate.sqlite3-shm"):
        (site.folder / name).unlink(missing_ok=True)
    before = sorted(path.name for path in site.folder.iterdir())
    site.folder.chmod(0o555)
    try:
        assert verify() == 0
    finally:
        site.folder.chmod(0o755)
    assert set(before) <= {path.name for path in site.folder.iterdir()}


def test_every_finding_has_words_in_both_languages() -> None:
    assert set(SENTENCES) == set(get_args(Code))
    assert all(words.en and words.zh for words in SENTENCES.values())


POSTGRES: list[tuple[str, tuple[str, str, str]]] = [
    ("drop trigger event_append_only on event", ("schema_missing", "event", "event_append_only")),
    ("alter table event disable trigger event_append_only", ("schema_changed", "event", "event_append_only")),
    (
        "create or replace function event_is_append_only() returns trigger language plpgsql as "
        "$$ begin return null; end $$",
        ("schema_changed", "event", "event_append_only"),
    ),
    ("drop index release_in_force", ("schema_missing", "release", "release_in_force")),
    ("create rule quiet as on delete to lot do instead nothing", ("schema_unknown", "lot", "quiet")),
    ("alter table lot enable row level security", ("schema_changed", "lot", "lot")),
    ("alter table lot add column note text", ("schema_changed", "lot", "lot")),
    ("drop table hold", ("schema_missing", "hold", "hold")),
]


@pytest.mark.proves("AUD-1", "AUD-2")
async def test_schema_tricks_are_found_on_postgresql_too(templates: Templates, tmp_path: Path) -> None:
    database = await templates.copy("postgres")
    key = await play_at(tmp_path, database)
    async with attacking(str(getattr(database, "url", "")), "postgres") as attacker:
        reader = Reader("postgres", attacker.rows)
        for statement, wanted in POSTGRES:
            async with attacker.attempt():
                await attacker.rows(statement)
                reader = Reader("postgres", lambda sql, *args: in_savepoint(attacker.connection, sql, *args))
                report = await verify_log(nullcontext(reader), tmp_path / "log", key.vkey, verify_ed25519)
                assert wanted in {(f.code, f.table, f.id) for f in report.findings}, statement


async def in_savepoint(connection: Any, sql: str, *args: Any) -> list[tuple[Any, ...]]:
    """A question that fails ends alone, as in a snapshot."""
    from backend.store.database import Unavailable

    try:
        async with connection.transaction():
            return [tuple(row) for row in await connection.fetch(sql, *args)]
    except asyncpg.PostgresError as error:
        raise Unavailable(str(error)) from error


def test_the_canonical_form_is_what_the_log_holds(site: Site) -> None:
    for (body,) in site.rows("select body from event"):
        assert canonical(json.loads(body)).decode() == body

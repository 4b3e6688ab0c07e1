"""The link checker finds what a reader would stumble over, and nothing else."""

from pathlib import Path

import pytest

from deploy.check_links import dead_links, links

GUIDE = """# First steps

## Sign a release
## Sign a release
<a id="own"></a>

```
[not a link](nowhere.md)
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "guide.md").write_text(GUIDE)
    (tmp_path / "docs" / "a picture.png").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    "target",
    [
        "docs/guide.md",
        "/docs/guide.md",
        "docs/",
        "docs/guide.md#sign-a-release",
        "docs/guide.md#sign-a-release-1",
        "docs/guide.md#own",
        "docs/a%20picture.png",
        "#here-and-now",
        "https://example.org/nowhere",
        "mailto:somebody@example.org",
    ],
)
def test_a_live_link_is_quiet(folder: Path, target: str) -> None:
    readme = folder / "README.md"
    readme.write_text(f"# Here, and `now`\n[x]({target})\n")
    assert dead_links(folder, [readme, folder / "docs" / "guide.md"]) == []


@pytest.mark.parametrize(
    "target",
    ["nowhere.md", "docs/guide.md#nowhere", "#nowhere", "../outside.md", "docs/guide.md#sign-a-release-2"],
)
@pytest.mark.parametrize("form", ["[x]({})", "![x]({})", '[x]({} "title")', "[x]: {}", '<img src="{}">'])
def test_a_dead_link_is_named_with_its_line(folder: Path, target: str, form: str) -> None:
    readme = folder / "README.md"
    readme.write_text(f"# Here\n\n```\n[y](z.md)\n```\n{form.format(target)}\n")
    [dead] = dead_links(folder, [readme])
    assert (dead.document, dead.line, dead.target) == (readme, 6, target)


def test_code_holds_no_links() -> None:
    assert links("`[x](y.md)` and\n```\n[x](y.md)\n```\n[x](z.md)\n") == [(5, "z.md")]

"""What the terminal shows is read back by the reader that phones use, on dark and on light themes."""

import io

import numpy as np
import pytest
import zxingcpp

from backend.outside.qr_terminal import print_qr, qr_lines

URL = "https://factory.local:8443/?from=terminal"
HALVES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def drawn(lines: list[str]) -> np.ndarray:
    """The rows as a picture, eight pixels a module, a filled half block as light."""
    halves = [[HALVES[character] for character in line] for line in lines]
    rows = [[cell[part] for cell in row] for row in halves for part in (0, 1)]
    return np.kron(np.array(rows, dtype=np.uint8) * 255, np.ones((8, 8), dtype=np.uint8))


@pytest.mark.parametrize("inverted", [False, True], ids=["as-set", "inverted"])
def test_the_code_is_read_back(inverted: bool) -> None:
    picture = drawn(qr_lines(URL))
    [code] = zxingcpp.read_barcodes(255 - picture if inverted else picture)
    assert code.text == URL


def test_a_file_gets_no_colours_and_a_terminal_does() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, coloured = io.StringIO(), Terminal()
    print_qr(URL, plain)
    print_qr(URL, coloured)
    assert plain.getvalue().splitlines() == qr_lines(URL)
    assert all(line.startswith("\x1b[97;40m") for line in coloured.getvalue().splitlines())

"""The mark of a trial run on everything that leaves it: paper, labels, pictures, messages, cards.

Whoever prints or sends asks here, so that none of them can be forgotten to be told.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

MARK = "试运行 · TRIAL RUN"
"""In both languages, whoever reads it: what leaves the house may reach anybody."""


def is_trial(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether nothing here counts."""
    return environment.get("LOTGATE_TRIAL") == "yes"


def trial_inputs() -> dict[str, str]:
    """What a page of the typesetter is told."""
    return {"trial": MARK} if is_trial() else {}

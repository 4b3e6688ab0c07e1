"""How alike two descriptions are: cosine of their character bigrams, each weighted by how rare it is (tf-idf; Salton &
Buckley, Term-weighting approaches in automatic text retrieval, 1988). Bigrams need no word boundaries, so Chinese and
English are read alike.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

Weights = Mapping[str, float]


def bigrams(text: str) -> Counter[str]:
    """Pairs of neighbouring letters and digits, case and width folded; a lone letter stands for itself."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(each if each.isalnum() else " " for each in folded).split()
    return Counter(word[at : at + 2] for word in words for at in range(max(len(word) - 1, 1)))


def alike(text: str, others: Sequence[str]) -> list[float]:
    """For each of the others its likeness to `text`, 0 to 1."""
    counted = [bigrams(text), *map(bigrams, others)]
    seen = Counter(pair for each in counted for pair in each)
    weights = [_weighted(each, seen, len(counted)) for each in counted]
    return [_cosine(weights[0], each) for each in weights[1:]]


def _weighted(counts: Counter[str], seen: Counter[str], total: int) -> Weights:
    """1 + log of how often it occurs here, times how rare it is (smoothed, so that none is worth nothing)."""
    return {
        pair: (1 + math.log(count)) * (math.log((1 + total) / (1 + seen[pair])) + 1)
        for pair, count in counts.items()
    }


def _cosine(one: Weights, other: Weights) -> float:
    both = sum(weight * other.get(pair, 0.0) for pair, weight in one.items())
    size = math.sqrt(sum(w * w for w in one.values())) * math.sqrt(sum(w * w for w in other.values()))
    return both / size if size else 0.0

"""How well the guard does on a labelled list: precision and recall, on the part it was tuned on and the parts it was not.

A sentence counts as a hit when a finding of a labelled kind is there; a false alarm is a clean sentence with a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from lagesbild.secrecy import scan

SENTENCES = Path(__file__).resolve().parent.parent / "tests" / "data" / "secrecy_sentences.tsv"

PARTS = {
    "dev": "tuned on",
    "held": "not tuned on",
    "field": "not tuned on, with names in lower case and places named after people",
}
FLOORS = {"dev": 0.95, "held": 0.80, "field": 0.80}
"""The least recall of each part."""


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence; `labels` is empty for a clean one."""

    labels: frozenset[str]
    part: str
    text: str


@dataclass(frozen=True)
class Score:
    """Counts of one part: labels that were found, labels that were missed, clean sentences stopped in vain."""

    found: int
    missed: int
    false_alarms: int

    @property
    def precision(self) -> float:
        """Of what the guard stopped, the share that should be."""
        return self.found / max(1, self.found + self.false_alarms)

    @property
    def recall(self) -> float:
        """Of what should be stopped, the share that was."""
        return self.found / max(1, self.found + self.missed)


def sentences() -> tuple[Sentence, ...]:
    """The labelled list."""
    lines = (
        line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines() if not line.startswith("#")
    )
    return tuple(
        Sentence(frozenset() if labels == "clean" else frozenset(labels.split(",")), part, text)
        for labels, part, text in lines
    )


def score(chosen: Sequence[Sentence], kind: str | None = None) -> Score:
    """Found, missed and false alarms over some sentences; of one kind, if named."""
    found = missed = false_alarms = 0
    for sentence in chosen:
        kinds = {finding.kind.value for finding in scan(sentence.text)}
        wanted = sentence.labels if kind is None else sentence.labels & {kind}
        found += len(wanted & kinds)
        missed += len(wanted - kinds)
        wrong = kinds - sentence.labels if kind is None else (kinds & {kind}) - sentence.labels
        false_alarms += len(wrong)
    return Score(found, missed, false_alarms)


def figures() -> tuple[list[Figure], dict[str, Any]]:
    """Each part, for the table of all benchmarks."""
    found: list[Figure] = []
    raw: dict[str, Any] = {}
    for part, floor in FLOORS.items():
        result = score([one for one in sentences() if one.part == part])
        raw[part] = {"precision": result.precision, "recall": result.recall}
        figure = f"precision {result.precision:.2f}, recall {result.recall:.2f}"
        ok = result.precision >= 0.95 and result.recall >= floor
        found.append(Figure(f"guard, sentences {PARTS[part]}", figure, "", "", f"recall ≥ {floor:.2f}", ok))
    return found, raw


def main() -> None:
    """Print each part, and recall by kind."""
    known = sentences()
    for part in PARTS:
        chosen = [one for one in known if one.part == part]
        result = score(chosen)
        print(
            f"guard, {part}: {len(chosen)} sentences, precision {result.precision:.2f}, recall {result.recall:.2f}"
        )
    kinds = sorted({label for one in known for label in one.labels})
    print("recall by kind:", ", ".join(f"{kind} {score(known, kind).recall:.2f}" for kind in kinds))


if __name__ == "__main__":
    main()

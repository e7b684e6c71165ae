"""Whether what came of a cell is what should have come of it."""

from dataclasses import dataclass
from typing import Any

import abilities
import errors
import forms
import own_values
import payloads
from arena import IT_RAISES, IT_WRITES, Cell, Outcome
from places import PLAIN
from programs import Sdk

SAME, CHANGED, IMPOSSIBLE, WRONG = "same", "changed", "impossible", "wrong"


@dataclass(frozen=True)
class Verdict:
    kind: str
    # Why it is changed or impossible, or what is wrong.
    reason: str = ""


def verdict(sdk: Sdk, cell: Cell, outcome: Outcome) -> Verdict:
    refused = _refused(cell, outcome)
    if refused:
        return refused
    if outcome.failure:
        return Verdict(WRONG, outcome.failure)
    label = outcome.label or sdk.native
    if label not in {sdk.native, cell.format}:
        return Verdict(WRONG, f"labelled {outcome.label}")
    expected, reason = _expected(sdk.name, cell, label)
    got = outcome.value
    if "error" in cell.place:
        expected, got = errors.told(expected), errors.told(got)
    if got != expected:
        found = f"{got!r:.400}, not {expected!r:.400}"
        return Verdict(WRONG, f"{found}; stored: {outcome.stored!r:.400} ({outcome.label})")
    return Verdict(CHANGED, reason) if reason else Verdict(SAME)


def _refused(cell: Cell, outcome: Outcome) -> Verdict | None:
    reason = abilities.unwritable(cell.format, cell.payload)
    if cell.direction == IT_WRITES:
        reason = None
    if outcome.refusal:
        return Verdict(IMPOSSIBLE, reason) if reason else Verdict(WRONG, outcome.refusal)
    return Verdict(WRONG, f"written, although {reason}") if reason else None


def _expected(sdk: str, cell: Cell, label: str) -> tuple[Any, str]:
    """What is to be read, and why where that is not what was written."""
    if cell.direction == IT_WRITES:
        return own_values.expected(sdk, cell.payload, label == abilities.PORTABLE), ""
    if cell.direction == IT_RAISES:
        return errors.RAISED[cell.payload][sdk, label], ""
    for plain in PLAIN:
        if cell.place == plain.name:
            return forms.read(str(plain.result)), ""
    given = payloads.named(cell.format, cell.payload)
    text, reason = abilities.changed(sdk, cell.place, cell.format, given.name) or (given.text, "")
    if cell.place != "error":
        return forms.read(text), reason
    error, lost = errors.expected_custom(sdk, label, forms.read(text))
    return error, lost or reason


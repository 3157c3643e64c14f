"""The buttons' payloads: what is packed comes back the same, and nothing else comes in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.actions import ActionError, BadPayload, Payload, UnknownVerb, execute, verbs

RoundId = NewType("RoundId", str)


class Level(Enum):
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Everything(Payload, verb="test.everything"):
    round_id: RoundId
    number: int
    share: float
    on: bool
    side: Literal["left", "right"]
    level: Level
    names: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Nothing(Payload, verb="test.nothing"):
    """A button that carries only its verb."""


ANY_EVERYTHING = st.builds(
    Everything,
    round_id=st.text().map(RoundId),
    number=st.integers(-(2**31) + 1, 2**31 - 1),
    share=st.floats(allow_nan=False),
    on=st.booleans(),
    side=st.sampled_from(["left", "right"]),
    level=st.sampled_from(Level),
    names=st.lists(st.text()).map(tuple),
    note=st.none() | st.text(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31) + 1, 2**31 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = ["round_id", "number", "share", "on", "side", "level", "names", "note", "other"]


@given(ANY_EVERYTHING, st.dictionaries(st.text().filter(lambda key: key not in ("verb", "lb")), JSON))
def test_what_was_packed_comes_back_the_same_whatever_was_typed_beside_it(
    payload: Everything, typed: dict[str, Any]
) -> None:
    assert Payload.parse({**typed, **payload.pack()}) == payload


@given(JSON)
def test_arbitrary_json_gives_no_other_error(data: Any) -> None:
    with pytest.raises(ActionError):
        Payload.parse(data)


@given(
    st.sampled_from(["test.everything", "test.nothing", "x"]) | JSON,
    JSON | st.dictionaries(st.sampled_from(NAMES), JSON),
)
def test_near_misses_give_no_other_error(verb: Any, packed: Any) -> None:
    try:
        parsed = Payload.parse({"verb": verb, "lb": packed})
    except (UnknownVerb, BadPayload):
        return
    assert Payload.parse(parsed.pack()) == parsed


def test_the_errors_carry_what_was_wrong() -> None:
    with pytest.raises(UnknownVerb) as unknown:
        Payload.parse({"verb": "old.button"})
    assert unknown.value.verb == "old.button"
    packed = Everything(RoundId("r"), 1, 0.5, True, "left", Level.LOW).pack()
    packed["lb"]["number"] = "1"
    with pytest.raises(BadPayload) as bad:
        Payload.parse(packed)
    assert (bad.value.verb, bad.value.field) == ("test.everything", "number")


def test_true_is_no_number_and_a_missing_field_is_named() -> None:
    packed = Everything(RoundId("r"), 1, 0.5, True, "left", Level.LOW).pack()
    for change in (
        {"number": True},
        {"number": 2**63},
        {"number": -(2**70)},
        {"level": "none"},
        {"names": "abc"},
        {"extra": 1},
    ):
        with pytest.raises(BadPayload, match=next(iter(change))):
            Payload.parse({"verb": "test.everything", "lb": {**packed["lb"], **change}})
    del packed["lb"]["side"]
    with pytest.raises(BadPayload, match="side"):
        Payload.parse(packed)


def test_a_payload_class_takes_only_its_own() -> None:
    assert Nothing.parse(Nothing().pack()) == Nothing()
    with pytest.raises(UnknownVerb):
        Everything.parse(Nothing().pack())


def test_two_payloads_cannot_share_a_verb() -> None:
    with pytest.raises(TypeError, match=r"test\.nothing"):
        type("Other", (Payload,), {}, verb="test.nothing")
    assert verbs()["test.nothing"] is Nothing


def test_a_button_and_its_fallback_send_the_same() -> None:
    button = execute("Skicka", Nothing(), style="positive", associated_inputs="none").to_dict()
    fallback = button["fallback"]
    assert (button["type"], fallback["type"]) == ("Action.Execute", "Action.Submit")
    assert button["verb"] == button["data"]["verb"] == "test.nothing"
    for same in ("title", "data", "style", "associatedInputs"):
        assert button[same] == fallback[same]

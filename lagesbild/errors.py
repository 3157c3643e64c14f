"""What can go wrong in the subject. Errors carry facts; `cards.texts` has the words."""

from __future__ import annotations

from datetime import datetime


class LagesbildError(Exception):
    """Base of every error that a person can be told about."""


class NotAllowed(LagesbildError):
    """The actor's roles do not permit the act (F1)."""

    def __init__(self, act: str, needs: tuple[str, ...] = ()) -> None:
        super().__init__(f"{act} needs {', '.join(needs) or 'another role'}")
        self.act = act
        self.needs = needs


class NotFound(LagesbildError):
    """Something named does not exist, or belongs to another group (then nobody is told which, F1)."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"no {kind} {key}")
        self.kind = kind
        self.key = key


class NoRound(LagesbildError):
    """There is no round to act on: none open, or no such number."""

    def __init__(self, number: int | None = None) -> None:
        super().__init__("no round" if number is None else f"no round {number}")
        self.number = number


class RoundNotOpen(LagesbildError):
    """The round does not take answers: it is not opened yet, or its picture belongs to an archived meeting."""

    def __init__(self, number: int, opens_at: datetime | None = None) -> None:
        super().__init__(f"round {number} is not open")
        self.number = number
        self.opens_at = opens_at


class AlreadySubmitted(LagesbildError):
    """A draft was saved over a report that is already sent: nothing was changed."""


class ReportChanged(LagesbildError):
    """The report was sent or changed after the card was made: nothing was overwritten. `revision` is the present one."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"the report is at revision {revision}")
        self.revision = revision


class NotSetUp(LagesbildError):
    """The group has no schedule, template or channel yet."""


class Invalid(LagesbildError):
    """A value a person typed cannot be used. `field` names the input, `reason` a text id's last part."""

    def __init__(self, field: str, reason: str, **facts: object) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.facts = facts

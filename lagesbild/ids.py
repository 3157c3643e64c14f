"""Identifiers: one type for each kind of thing, so that a type checker keeps them apart."""

from __future__ import annotations

import uuid
from typing import NewType

GroupId = NewType("GroupId", str)
MemberId = NewType("MemberId", str)
AbsenceId = NewType("AbsenceId", str)
MeetingId = NewType("MeetingId", str)
RoundId = NewType("RoundId", str)
ReportId = NewType("ReportId", str)
ObservationId = NewType("ObservationId", str)
DeliveryKey = NewType("DeliveryKey", str)
AssessmentId = NewType("AssessmentId", str)
ThemeId = NewType("ThemeId", str)
ReferralId = NewType("ReferralId", str)
DecisionId = NewType("DecisionId", str)
MeasureId = NewType("MeasureId", str)
AnalysisId = NewType("AnalysisId", str)
DirectionId = NewType("DirectionId", str)
PromiseId = NewType("PromiseId", str)


def fresh() -> str:
    """A new random identifier: 32 hexadecimal digits, safe in a button's payload and in a URL."""
    return uuid.uuid4().hex

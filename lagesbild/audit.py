"""Who did what, when, to what, on whose behalf (F2). Never what somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lagesbild.ids import GroupId, MemberId


class AuditAction(StrEnum):
    """What was done. The values are stored; `log.<name>` in the catalogues says each to a person."""

    ADD_GROUP = "add group"
    RESUME_GROUP = "resume group"
    PAUSE_GROUP = "pause group"
    SET_UP_GROUP = "set up group"
    JOIN_GROUP = "join group"
    RETURN_TO_GROUP = "return to group"
    LEAVE_GROUP = "leave group"
    BECOME_COORDINATOR = "become coordinator"
    ASK_TO_JOIN = "ask to join"
    APPROVE_MEMBER = "approve member"
    DECLINE_MEMBER = "decline member"
    CHANGE_MEMBER = "change member"
    REMOVE_MEMBER = "remove member"
    BRING_BACK_MEMBER = "bring back member"
    ADD_PERSON_WITHOUT_TEAMS = "add person without teams"
    CHOOSE_ORGANISATION = "choose organisation"
    SET_PREFERENCES = "set preferences"
    SET_ABSENCE = "set absence"
    END_ABSENCE = "end absence"
    PLAN_MEETING = "plan meeting"
    ADD_MEETING = "add meeting"
    MOVE_MEETING = "move meeting"
    CANCEL_MEETING = "cancel meeting"
    RESTORE_MEETING = "restore meeting"
    KEEP_HOLIDAY_MEETING = "keep holiday meeting"
    CANCEL_UNCONFIRMED_MEETING = "cancel unconfirmed meeting"
    REMOVE_MEETING = "remove meeting"
    OPEN_ROUND = "open round"
    REOPEN_ROUND = "reopen round"
    CLOSE_ROUND = "close round"
    REMIND = "remind"
    RESEND = "resend"
    NOTE = "note"
    COMPLETE_NOTE = "complete note"
    REMOVE_NOTE = "remove note"
    SAVE_DRAFT = "save draft"
    SUBMIT_REPORT = "submit report"
    CHANGE_REPORT = "change report"
    PUBLISH_PICTURE = "publish picture"
    ASSESS = "assess"
    FINISH_ASSESSMENT = "finish assessment"
    CREATE_THEME = "create theme"
    TIE = "tie"
    UNTIE = "untie"
    CLOSE_THEME = "close theme"
    PLAN_MEASURE = "plan measure"
    UPDATE_MEASURE = "update measure"
    REMOVE_MEASURE = "remove measure"
    ANSWER_FOLLOW_UP = "answer follow-up"
    REFER = "refer"
    REFER_AGAIN = "refer again"
    WITHDRAW_REFERRAL = "withdraw referral"
    REOPEN_REFERRAL = "reopen referral"
    CLOSE_REFERRAL = "close referral"
    SET_UP_COUNCIL = "set up council"
    ENTER_COUNCIL = "enter council"
    GIVE_COUNCIL_ROLE = "give council role"
    TAKE_COUNCIL_ROLE = "take council role"
    DECIDE = "decide"
    DECIDE_DIRECTION = "decide direction"
    ORDER_ANALYSIS = "order analysis"
    UPDATE_ANALYSIS = "update analysis"
    USE_ANALYSIS = "use analysis"
    DRAFT_PROMISE = "draft promise"
    RENEW_PROMISE = "renew promise"
    FILL_PROMISE = "fill promise"
    CHANGE_PROMISE = "change promise"
    ADD_SECTION = "add section"
    CHANGE_SECTION = "change section"
    REMOVE_SECTION = "remove section"
    SIGN_PROMISE = "sign promise"
    REMOVE_SIGNATURE = "remove signature"
    ADOPT_PROMISE = "adopt promise"
    REOPEN_PROMISE = "reopen promise"
    DISCARD_PROMISE = "discard promise"
    PUBLISH_PROMISE = "publish promise"
    FOLLOW_UP_PROMISE = "follow up promise"


@dataclass(frozen=True)
class AuditEntry:
    """One change. `actor_id` is None for what the clock did; `subject` is a kind and an id (`round:…`)."""

    group_id: GroupId
    at: datetime
    actor_id: MemberId | None
    action: AuditAction
    subject: str
    on_behalf_of: MemberId | None = None
    detail: str = ""

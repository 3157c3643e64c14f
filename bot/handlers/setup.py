"""The bot comes to a team, is set up with one form, follows the team's people, and leaves (F5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands import Command
from bot.features import Feature, Stranger, Turn
from bot.fetching import Need
from bot.permission import Rule
from bot.teams.activities import BotAdded, BotRemoved, Identity, MembersJoined, MembersLeft, Reply
from cards.inputs import Inputs
from cards.setup import NOBODY, Options, SaveSettings, hello_card, saved_card, settings_card
from lagesbild.authority import Act
from lagesbild.errors import Invalid
from lagesbild.holidays import working_day_from
from lagesbild.people import Group, GroupState, Home
from lagesbild.roster import Person
from lagesbild.rounds import MeetingState
from lagesbild.setting_up import FormErrors, GroupForm
from lagesbild.usecases.groups import SetUp, group_settings, pause_group, set_up_group, welcome_team
from lagesbild.usecases.meetings import list_meetings
from lagesbild.usecases.rosters import members_joined, members_left, sync_roster

feature = Feature()

TO_FIRST_MEETING = timedelta(days=7)
"""How far ahead an empty form suggests the first meeting: that day, or the working day after it."""


@feature.on(BotAdded, needs={Need.ROSTER})
async def added(turn: Turn, event: BotAdded) -> Reply | None:
    """In a team: say what the bot does, and make the installer coordinator. Told twice, it speaks once."""
    if not event.in_team:
        return await _greet_person(turn) if event.installed else None
    known = turn.group
    group = await _welcome(turn, event.installer or event.who)
    if known is not None and known.state is not GroupState.PAUSED:
        return None
    return Reply(card=await _hello(turn, group, resumed=known is not None), replace=False)


@feature.on(BotRemoved)
async def removed(turn: Turn, event: BotRemoved) -> Reply | None:
    """Out of the team: the group rests, everything is kept."""
    if event.in_team:
        await pause_group(turn.work, _home(turn))
    return None


@feature.on(MembersJoined, needs={Need.ROSTER})
async def joined(turn: Turn, event: MembersJoined) -> Reply | None:
    """Somebody came into the team: welcomed in the personal chat."""
    if turn.group is not None:
        await members_joined(turn.work, turn.group, turn.prepared.roster)
    return None


@feature.on(MembersLeft)
async def left(turn: Turn, event: MembersLeft) -> Reply | None:
    """Somebody left the team."""
    if turn.group is not None:
        await members_left(turn.work, turn.group, [member.user_id for member in event.members])
    return None


@feature.command(Command.SETTINGS, Rule(Act.CONFIGURE, strangers=True), needs={Need.ROSTER, Need.CHANNELS})
async def settings(turn: Turn, rest: str) -> Reply:
    """The form. In a team the bot does not know yet, it begins there."""
    turn = await _in_group(turn)
    if turn.group is None:
        return Reply(text=turn.texts("setup.not_here"))
    set_up = await group_settings(turn.work, turn.member)
    return _form_reply(turn, set_up, _suggested(turn, set_up))


async def settings_form(turn: Turn, payload: SaveSettings, inputs: Inputs) -> Reply:
    """The form as it is stored, to be filled in again."""
    set_up = await group_settings(turn.work, turn.member)
    return _form_reply(turn, set_up, set_up.form)


@feature.button(SaveSettings, Act.CONFIGURE, needs={Need.CHANNELS}, form=settings_form)
async def save(turn: Turn, payload: SaveSettings, inputs: Inputs) -> Reply:
    """Save the form, or show it again with what is wrong and all that was filled in."""
    before = await group_settings(turn.work, turn.member)
    form = _form(inputs, before.form, _channel_names(turn, before.group))
    try:
        group = await set_up_group(turn.work, turn.member, form)
    except FormErrors as wrong:
        return _form_reply(turn, before, form, wrong.errors)
    return await _saved(turn, group, first=before.group.state is GroupState.NEW)


def _form_reply(turn: Turn, set_up: SetUp, form: GroupForm, errors: tuple[Invalid, ...] = ()) -> Reply:
    channels = tuple(_channel_names(turn, set_up.group).items())
    options = Options(turn.work.templates.newest(), channels, set_up.members)
    return Reply(card=settings_card(turn.texts, set_up.group, form, options, errors).to_dict())


def _form(inputs: Inputs, before: GroupForm, channels: dict[str, str]) -> GroupForm:
    def text(field: str, most: int = 200) -> str:
        return inputs.text(field, max=most) if inputs.has(field) else str(getattr(before, field))

    # Only the team's own: what is posted there is read by all its people.
    channel_id = inputs.choice("channel", [*channels, before.channel_id]) or before.channel_id
    deputy = inputs.text("deputy", max=100)
    colours = tuple(
        _colour(word) for word in inputs.text("colours", max=200).replace(";", ",").split(",") if word.strip()
    )
    return GroupForm(
        municipality=text("municipality"),
        name=text("name"),
        template_id=inputs.text("template", max=100) or before.template_id,
        channel_id=channel_id,
        channel_name=channels.get(channel_id, before.channel_name),
        first=inputs.text("first", max=40),
        at=inputs.text("at", max=40),
        interval=inputs.text("interval", max=40) or before.interval,
        rule=text("rule"),
        lead=text("lead"),
        deadline=text("deadline"),
        reminders=text("reminders"),
        deputy_id="" if deputy in ("", NOBODY) else deputy,
        publication=inputs.text("publication", max=40) or before.publication,
        concern_url=text("concern_url", 500),
        colours=colours,
        assignment=text("assignment", 4000),
        guidelines=text("guidelines", 4000),
        follow_up_weeks=text("follow_up_weeks"),
    )


def _colour(word: str) -> str:
    plain = word.strip().casefold()
    for start, colour in (("gr", "green"), ("gu", "yellow"), ("ye", "yellow"), ("r", "red")):
        if plain.startswith(start):
            return colour
    return plain


async def _saved(turn: Turn, group: Group, *, first: bool) -> Reply:
    people = [m for m in await turn.work.store.members.list_by_group(group.id) if m.state.value == "active"]
    planned = await list_meetings(turn.work, turn.member)
    ahead = next((one for one in planned if one.meeting.state is not MeetingState.CANCELLED), None)
    assert group.template is not None  # noqa: S101 - a saved form always names one
    template = turn.work.templates.get(group.template)
    card = saved_card(
        turn.texts,
        group,
        template,
        people,
        meeting=ahead.meeting if ahead else None,
        round_=ahead.round if ahead else None,
        first=first,
    )
    return Reply(card=card.to_dict())


async def _in_group(turn: Turn) -> Turn:
    """The turn with the team's group and the person's membership in it, made here if the bot came unannounced."""
    if turn.actor is not None or not turn.event.where.team_id:
        return turn
    group = await _welcome(turn, turn.event.who if turn.group is None else None)
    member = await turn.work.store.members.get_by_user(group.id, turn.event.who.user_id)
    return replace(turn, group=group, actor=member)


async def _welcome(turn: Turn, installer: Identity | None) -> Group:
    person = None
    if installer is not None and installer.user_id:
        known = {one.user_id: one.name for one in turn.prepared.roster}
        name = installer.name or known.get(installer.user_id, "")
        person = Person(installer.user_id, name, installer.aad_object_id, turn.texts.language)
    group = await welcome_team(turn.work, _home(turn), person)
    await sync_roster(turn.work, group, turn.prepared.roster)
    return group


async def _hello(turn: Turn, group: Group, *, resumed: bool) -> dict[str, object]:
    members = await turn.work.store.members.list_by_group(group.id)
    leader = next((member for member in members if member.leads), None)
    return hello_card(turn.texts, group, leader, resumed=resumed).to_dict()


async def _greet_person(turn: Turn) -> Reply | None:
    """The personal app was installed: a member is helped at once, a stranger is asked for the group."""
    if turn.actor is None:
        raise Stranger
    return Reply(text=turn.texts("join.hello_member"))


def _home(turn: Turn) -> Home:
    where = turn.event.where
    return Home(
        tenant_id=turn.event.who.tenant_id,
        service_url=where.service_url,
        bot_id=where.bot_id,
        team_id=where.team_id or "",
        channel_id=where.channel_id or where.team_id or "",
    )


def _channel_names(turn: Turn, group: Group) -> dict[str, str]:
    general = turn.texts("setup.general")
    names = {channel_id: name or general for channel_id, name in turn.prepared.channels}
    return names or {group.home.channel_id: group.home.channel_name or general}


def _suggested(turn: Turn, set_up: SetUp) -> GroupForm:
    if set_up.form.first:
        return set_up.form
    day = set_up.group.local_day(turn.work.clock.now()) + TO_FIRST_MEETING
    return replace(set_up.form, first=working_day_from(day).isoformat())

"""The bot's hello in a team and the one form that sets a group up (F5, A3, A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cards.actions import Payload, execute
from cards.buttons import ToggleVisibility
from cards.card import Card
from cards.elements import ActionSet, Container, Element, TextBlock
from cards.fields import Choice, ChoiceSet, DateInput, Input, TextInput, TimeInput
from cards.help import RunCommand
from cards.layout import facts, header
from cards.safe import one_line, plain
from cards.texts import Texts
from lagesbild.errors import Invalid
from lagesbild.people import Group, Member, Publication, Role
from lagesbild.rounds import Meeting, Round
from lagesbild.setting_up import GroupForm
from lagesbild.templates import Template

NOBODY = "nobody"


@dataclass(frozen=True)
class SaveSettings(Payload, verb="setup.save"):
    """Save the form of that group."""

    group_id: str


@dataclass(frozen=True)
class Options:
    """What the form's lists offer."""

    templates: Sequence[Template]
    channels: Sequence[tuple[str, str]]
    """(id, name)"""
    members: Sequence[Member]


def hello_card(t: Texts, group: Group, installer: Member | None, *, resumed: bool = False) -> Card:
    """What the bot does, when it is added to a team; with the way to begin."""
    lines = [t("setup.resumed")] if resumed else [t(f"setup.hello_{n}") for n in (1, 2)]
    if installer is not None:
        lines.append(t("setup.hello_3", name=one_line(installer.name)))
    else:
        lines.append(t("setup.hello_anyone"))
    lines.append(t("setup.hello_council"))
    body: list[Element] = [*header(t("setup.hello_title")), *[TextBlock(line) for line in lines]]
    begin = execute(t("setup.begin"), RunCommand(_settings(t), group.id), style="positive")
    return Card(body, lang=t.language, fallback_text=t("setup.hello_title"), actions=[begin])


def settings_card(
    t: Texts, group: Group, form: GroupForm, options: Options, errors: Sequence[Invalid] = ()
) -> Card:
    """The form: the six things every group needs first, the rest unfolded on demand."""
    body: list[Element] = [*header(t("setup.title"), None if errors else t("setup.intro"))]
    if errors:
        body.append(_errors(t, errors))
    body += _first(t, form, options)
    rest = _rest(t, form)
    unfolded = any(error.field in _REST for error in errors)
    body.append(ActionSet([ToggleVisibility(t("setup.more"), ["rest"])]))
    body.append(Container(rest, id="rest", is_visible=unfolded))
    save = execute(t("setup.save"), SaveSettings(group.id), style="positive")
    return Card(body, lang=t.language, fallback_text=t("setup.title"), actions=[save])


def saved_card(
    t: Texts,
    group: Group,
    template: Template,
    people: Sequence[Member],
    *,
    meeting: Meeting | None,
    round_: Round | None,
    first: bool,
) -> Card:
    """What was saved, and what happens next. Everybody is welcomed the first time only."""
    title = t("setup.saved" if first else "setup.saved_again", group=one_line(group.title))
    zone = group.timezone
    rows = [
        (t("setup.saved_template"), f"{one_line(template.title)} ({one_line(template.municipality)})"),
        (t("setup.saved_channel"), one_line(group.home.channel_name) or t("setup.general")),
        (t("setup.saved_people"), t.plural("setup.people", len(people))),
    ]
    deputy = next((member for member in people if member.has(Role.DEPUTY)), None)
    rows.append((t("setup.saved_deputy"), one_line(deputy.name) if deputy else t("setup.no_deputy")))
    if meeting is not None:
        rows.append((t("setup.saved_meeting"), t.datetime(meeting.starts_at, zone)))
    if round_ is not None:
        rows.append((t("setup.saved_opens"), t.datetime(round_.opens_at, zone)))
    body: list[Element] = [
        TextBlock(f"✓ {title}", size="large", weight="bolder", color="good", style="heading"),
        facts(*rows),
    ]
    if first:
        body.append(TextBlock(t("setup.saved_next")))
    english = t.language == "en"
    buttons = [
        execute(t("setup.open_now"), RunCommand("open" if english else "öppna", group.id), style="positive"),
        execute(t("setup.members"), RunCommand("members" if english else "medlemmar", group.id)),
    ]
    return Card(body, lang=t.language, fallback_text=title, actions=buttons)


_REST = frozenset(
    {
        "rule",
        "lead",
        "reminders",
        "deadline",
        "publication",
        "follow_up_weeks",
        "concern_url",
        "colours",
        "assignment",
        "guidelines",
    }
)


def problem(t: Texts, error: Invalid) -> str:
    """What is wrong with a field, in words."""
    values = {
        name: t.date(value) if isinstance(value, date) else one_line(str(value))
        for name, value in error.facts.items()
    }
    for key in (f"invalid.{error.field}_{error.reason}", f"invalid.{error.reason}"):
        if t.has(key):
            return t(key, **values)
    return t("error.invalid")


def _errors(t: Texts, errors: Sequence[Invalid]) -> Element:
    lines: list[Element] = [TextBlock(f"⚠ {t('setup.errors')}", weight="bolder", color="attention")]
    for error in errors:
        name = t(f"setup.{error.field}") if t.has(f"setup.{error.field}") else error.field
        text = t("setup.error_line", field=name, problem=problem(t, error))
        lines.append(TextBlock(text, spacing="small"))
    return Container(lines, style="emphasis")


def _first(t: Texts, form: GroupForm, options: Options) -> list[Element]:
    templates = [Choice(plain(f"{one.municipality}: {one.title}"), one.ref.id) for one in options.templates]
    channels = [Choice(plain(name) or t("setup.general"), id_) for id_, name in options.channels]
    intervals = [Choice(t(f"setup.interval_{word}"), word) for word in _INTERVALS]
    deputies = [Choice(t("setup.no_deputy"), NOBODY)]
    deputies += [
        Choice(plain(m.name), m.id) for m in options.members if not m.has(Role.COORDINATOR) and m.user_id
    ]
    return [
        _text(t, "municipality", form.municipality, required=True),
        _text(t, "name", form.name, required=True),
        _choice(t, "template", templates, form.template_id),
        _choice(t, "channel", channels, form.channel_id),
        DateInput(
            "first",
            t("setup.first"),
            value=form.first or None,
            is_required=True,
            error_message=t("setup.required"),
        ),
        TimeInput(
            "at", t("setup.at"), value=form.at or None, is_required=True, error_message=t("setup.required")
        ),
        _choice(t, "interval", intervals, form.interval),
        _choice(t, "deputy", deputies, form.deputy_id or NOBODY),
    ]


_INTERVALS = ("weekly", "two_weeks", "monthly", "custom")


def _rest(t: Texts, form: GroupForm) -> list[Element]:
    ways = [Choice(t(f"setup.publication_{way.value}"), way.value) for way in Publication]
    return [
        _text(t, "lead", form.lead),
        _text(t, "reminders", form.reminders),
        _text(t, "deadline", form.deadline),
        _choice(t, "publication", ways, form.publication),
        _text(t, "follow_up_weeks", form.follow_up_weeks),
        _text(t, "concern_url", form.concern_url, hint=t("setup.url_hint")),
        _text(t, "rule", form.rule),
        _text(t, "colours", ", ".join(form.colours), hint=t("setup.colours_hint")),
        _text(t, "assignment", form.assignment, lines=True),
        _text(t, "guidelines", form.guidelines, lines=True),
    ]


def _text(
    t: Texts, field: str, value: str, *, required: bool = False, hint: str = "", lines: bool = False
) -> Input:
    return TextInput(
        field,
        t(f"setup.{field}"),
        value=plain(value) or None,
        placeholder=hint or None,
        is_multiline=lines or None,
        max_length=4000 if lines else 200,
        is_required=required or None,
        error_message=t("setup.required") if required else None,
    )


def _choice(t: Texts, field: str, choices: Sequence[Choice], value: str) -> Input:
    known = {choice.value for choice in choices}
    chosen = value if value in known else next(iter(c.value for c in choices), None)
    return ChoiceSet(field, t(f"setup.{field}"), list(choices), value=chosen, style="compact")


def _settings(t: Texts) -> str:
    return "settings" if t.language == "en" else "inställningar"

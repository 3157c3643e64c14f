"""The compiled picture in the channel: one post, and thread replies for what does not fit in it (B1–B4, B6)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from cards.card import Card
from cards.elements import Container, Element, TextBlock
from cards.layout import quiet, unfold
from cards.picture_areas import View, chart, details, mark, remarks, row, subheading, who
from cards.picture_colours import section
from cards.safe import escape, one_line, plain
from cards.texts import Texts
from lagesbild.picture import AreaPicture, Participant, Remark, SituationPicture, Standing
from lagesbild.templates import Colour, Template

POST_BYTES: Final = 26 * 1024
"""The most a message's card takes as UTF-8: kind to phones, and a third of what Teams refuses."""
_MISSING: Final = (Standing.SILENT, Standing.ABSENT, Standing.UNREACHED, Standing.OPTED_OUT)
_HEAD_BYTES: Final = 1024
_POSITIVES, _COUNTS, _PEOPLE = "positives", "counts", "people"


@dataclass(frozen=True)
class Edition:
    """Which revision of a picture a post is: its number, when it was released, and by whom (empty: by itself)."""

    revision: int
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Block:
    """What can stand in the post or, where there is no room, in its thread."""

    key: str
    title: str
    elements: tuple[Element, ...]


def picture_parts(
    t: Texts,
    picture: SituationPicture,
    template: Template,
    *,
    colours: Sequence[Colour] | None = None,
    edition: Edition | None = None,
    limit: int = POST_BYTES,
    names: bool = False,
) -> tuple[Card, ...]:
    """The post, and the replies that carry what it has no room for: every comment whole, exactly once (B6).

    A part is at most `limit` bytes unless a single comment is larger. What went well stays in the post first,
    then the areas in the suggested order. `names` is for the coordinator's preview: those who did not answer, by name.
    """
    view = View(t, picture, template, colours, names)
    whole = _post(view, frozenset(), edition)
    if size(whole.to_dict()) <= limit:
        return (whole,)
    blocks = _blocks(view)
    moved = _moved(view, blocks, edition, limit)
    post = _post(view, moved, edition)
    return (post, *_thread(view, [block for block in blocks if block.key in moved], limit))


def emptied_part(t: Texts) -> Card:
    """What is put in the place of a thread reply that is not needed any more."""
    text = t("picture.part_empty")
    return Card([TextBlock(text, is_subtle=True)], lang=t.language, fallback_text=text).full_width()


def size(part: dict[str, Any]) -> int:
    """Bytes of a part of a card as it is sent."""
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())


def title_of(t: Texts, picture: SituationPicture) -> str:
    """Such as "Lägesbild 1 december", of the meeting's day where the group is."""
    return t("picture.title", day=t.date(picture.meeting_at.astimezone(ZoneInfo(picture.timezone)).date()))


def _moved(v: View, blocks: Sequence[Block], edition: Edition | None, limit: int) -> frozenset[str]:
    """The keys of what goes to the thread: all but what the post takes, tried in the order of importance."""
    moved = frozenset(block.key for block in blocks)
    for block in blocks:
        if sum(size(element.to_dict()) for element in block.elements) > limit:
            continue
        fewer = moved - {block.key}
        if size(_post(v, fewer, edition).to_dict()) <= limit:
            moved = fewer
    return moved


def _blocks(v: View) -> list[Block]:
    """What may move to the thread, in the order in which it is kept in the post."""
    found = [
        Block(_POSITIVES, v.t("picture.positives"), tuple(_positive(v, one) for one in v.picture.positives))
    ]
    found += [Block(_key(area), one_line(area.title), tuple(remarks(v, area))) for area in v.ordered]
    found.append(Block(_COUNTS, v.t("picture.counts"), tuple(_counts(v))))
    found.append(Block(_PEOPLE, v.t("picture.missing"), tuple(_people(v))))
    return [block for block in found if block.elements]


def _key(area: AreaPicture) -> str:
    return f"area_{area.number}"


def _post(v: View, moved: frozenset[str], edition: Edition | None) -> Card:
    body: list[Element] = [*_header(v), *_who_is_missing(v, moved), *_assessed(v)]
    body += _in_colours(v, moved) if v.in_colours else _in_figures(v, moved)
    body.append(_went_well(v, moved))
    body += _figures(v, moved)
    body += _footer(v, edition)
    card = Card(body, lang=v.t.language, fallback_text=_fallback(v))
    return card.full_width()


def _header(v: View) -> list[Element]:
    picture, t = v.picture, v.t
    about = t(
        "picture.about",
        group=one_line(f"{picture.group_name} {picture.municipality}"),
        period=t.span(picture.period_first, picture.period_last),
        answered=picture.answered,
        total=len(picture.participants),
    )
    missing = [
        t.plural(f"picture.{standing.value}", len(people))
        for standing in _MISSING
        if (people := picture.standing(standing))
    ]
    late = sum(one.late for one in picture.participants)
    if late:
        missing.append(t.plural("picture.late", late))
    return [
        TextBlock(title_of(t, picture), size="large", weight="bolder", style="heading"),
        TextBlock(" · ".join([about, *missing]), is_subtle=True, spacing="none"),
    ]


def _assessed(v: View) -> list[Element]:
    """The group's own word on each area, first of all once the meeting has said it (B5)."""
    if not v.picture.assessed:
        return []
    lines: list[Element] = [subheading(v.t("picture.assessed"))]
    for one in v.picture.assessed:
        colour = f"{v.t(f'picture.colour_{one.colour.value}')} " if one.colour else ""
        said = f": {one_line(one.comment, 300)}" if one.comment else ""
        lines.append(TextBlock(f"{colour}**{one_line(one.title)}**{said}", spacing="small"))
    return [Container(lines, style="emphasis", spacing="medium")]


def _in_figures(v: View, moved: frozenset[str]) -> list[Element]:
    """The chart, and a row an area in the suggested order."""
    if not v.ordered:
        return [_nothing(v)]
    body: list[Element] = [*chart(v), subheading(v.t("picture.order")), quiet(v.t("picture.order_hint"))]
    for area in v.ordered:
        key = _key(area)
        said = [TextBlock(v.t("picture.in_thread"))] if key in moved else remarks(v, area)
        body.append(row(v, area, unfolds=key))
        body.append(
            Container([*details(v, area), *said], id=key, is_visible=False, style="emphasis", spacing="small")
        )
    if v.calm:
        areas = v.t.titles(one_line(area.title) for area in v.calm)
        calm = v.t("picture.calm", areas=areas)
        body.append(TextBlock(calm, is_subtle=True, size="small", separator=True, spacing="small"))
    return body


def _in_colours(v: View, moved: frozenset[str]) -> list[Element]:
    """The suggested order in short, and then question by question as the template has it."""
    if not v.ordered:
        return [_nothing(v)]
    body: list[Element] = [subheading(v.t("picture.order")), *(row(v, area) for area in v.ordered)]
    body.append(quiet(v.t("picture.assessment_note")))
    for area in v.picture.areas:
        body += section(v, area, whole=_key(area) not in moved)
    return body


def _nothing(v: View) -> TextBlock:
    return TextBlock(v.t("picture.all_calm" if v.picture.answered else "picture.nobody"), spacing="medium")


def _went_well(v: View, moved: frozenset[str]) -> Element:
    """What went well has a field of its own, always; it is asked for where nobody wrote anything (B4)."""
    items: list[Element] = [subheading(v.t("picture.positives"))]
    if not v.picture.positives:
        items.append(TextBlock(v.t("picture.no_positives"), spacing="small"))
    elif _POSITIVES in moved:
        items.append(TextBlock(v.t("picture.in_thread"), spacing="small"))
    else:
        items += [_positive(v, one) for one in v.picture.positives]
    return Container(items, style="good", spacing="medium")


def _positive(v: View, remark: Remark) -> TextBlock:
    lines = [escape(text) for text in (*remark.bullets, remark.comment) if text.strip()]
    return TextBlock(
        v.t("picture.positive", text="\n\n".join(lines), who=who(v, remark), mark=mark(v, remark)),
        spacing="small",
    )


def _figures(v: View, moved: frozenset[str]) -> list[Element]:
    if not v.picture.counts:
        return []
    items = [quiet(v.t("picture.in_thread"))] if _COUNTS in moved else _counts(v)
    return [subheading(v.t("picture.counts")), *items]


def _counts(v: View) -> list[Element]:
    return [
        TextBlock(
            v.t(
                "picture.counts_row",
                who=one_line(organisation) or v.t("picture.somebody"),
                figures=", ".join(f"{one.value} {one_line(one.label)}" for one in counts),
            ),
            size="small",
            spacing="none",
        )
        for organisation, counts in v.picture.counts
    ]


def _who_is_missing(v: View, moved: frozenset[str]) -> list[Element]:
    """The names behind the figures in the heading, by cause, unfolded on demand; not for the channel (A7, B2)."""
    names = _people(v)
    if not names:
        return []
    items = (
        [quiet(v.t("picture.in_thread"))]
        if _PEOPLE in moved
        else [quiet(v.t("picture.missing_yours")), *names]
    )
    return [
        unfold(v.t("picture.missing"), _PEOPLE),
        Container(items, id=_PEOPLE, is_visible=False, style="emphasis", spacing="small"),
    ]


def _people(v: View) -> list[Element]:
    if not v.names:
        return []
    return [
        TextBlock(
            v.t(f"picture.missing_{standing.value}", names=", ".join(_person(v, one) for one in people)),
            spacing="small",
        )
        for standing in _MISSING
        if (people := v.picture.standing(standing))
    ]


def _person(v: View, participant: Participant) -> str:
    name, organisation = one_line(participant.name), one_line(participant.organisation)
    if not organisation or organisation == name:
        return name
    return v.t("picture.person", name=name, organisation=organisation)


def _footer(v: View, edition: Edition | None) -> list[Element]:
    lines = [v.t("picture.footer")]
    if edition is not None:
        known = {"revision": edition.revision, "when": v.t.datetime(edition.at, v.picture.timezone)}
        lines.append(
            v.t("picture.edition", who=one_line(edition.by), **known)
            if edition.by
            else v.t("picture.edition_auto", **known)
        )
    return [TextBlock(" ".join(lines), size="small", is_subtle=True, separator=True, spacing="medium")]


def _fallback(v: View) -> str:
    known = {
        "title": title_of(v.t, v.picture),
        "answered": v.picture.answered,
        "total": len(v.picture.participants),
    }
    if not v.ordered:
        return v.t("picture.fallback_calm", **known)
    return v.t("picture.fallback", first=plain(v.ordered[0].title), **known)


def _thread(v: View, blocks: Sequence[Block], limit: int) -> Iterator[Card]:
    """The blocks in as few messages as they need; one that is broken off goes on under its title."""
    pages = _pages(v, blocks, limit)
    for number, page in enumerate(pages, start=1):
        title = v.t("picture.part", title=title_of(v.t, v.picture), n=number, total=len(pages))
        head = [
            TextBlock(title, size="large", weight="bolder", style="heading"),
            quiet(v.t("picture.part_about")),
        ]
        yield Card([*head, *page], lang=v.t.language, fallback_text=title).full_width()


def _pages(v: View, blocks: Sequence[Block], limit: int) -> list[list[Element]]:
    """Filled one after the other; a title stands over each block, and again where a page begins inside one."""
    pages: list[list[Element]] = []
    used = limit
    for block in blocks:
        for index, element in enumerate(block.elements):
            title = subheading(v.t("picture.part_continued", title=block.title) if index else block.title)
            needed = size(element.to_dict())
            full = used + needed + size(title.to_dict()) > limit - _HEAD_BYTES
            if full:
                pages.append([])
                used = 0
            if full or not index:
                pages[-1].append(title)
                used += size(title.to_dict())
            pages[-1].append(element)
            used += needed
    return pages

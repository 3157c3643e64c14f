"""The coordinator's side of the picture: preview, what to review, and what became of the post (A11, B6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.actions import Payload, execute
from cards.buttons import Action
from cards.card import Card
from cards.elements import ActionSet, Container, Element, TextBlock
from cards.help import RunCommand
from cards.layout import quiet
from cards.picture import POST_BYTES, picture_parts, size, title_of
from cards.safe import one_line
from cards.texts import Texts
from lagesbild.people import Group, Member
from lagesbild.rounds import PublishedPicture, RoundState
from lagesbild.usecases.pictures import Overridden, Review

_REVIEW_BYTES: Final = 9 * 1024
_BUTTON_BYTES: Final = 3 * 1024


@dataclass(frozen=True)
class PublishPicture(Payload, verb="picture.publish"):
    """Post the picture, or update the post. `seen` names what there was to review when the button was shown (A11)."""

    round_id: str
    seen: str = ""


@dataclass(frozen=True)
class PreviewPicture(Payload, verb="picture.preview"):
    """Show the preview, from its first page or another."""

    round_id: str
    page: int = 0


def preview_card(t: Texts, review: Review, *, page: int = 0) -> Card:
    """The post as it would look, with what to review over it and who did not answer by name. What has no room on one card stands on the next pages."""
    pages = _pages(t, review)
    page = min(max(page, 0), len(pages) - 1)
    body = pages[page]
    if len(pages) > 1:
        body = [*body, quiet(t("picture.page", n=page + 1, total=len(pages)))]
    title = title_of(t, review.picture)
    return Card(body, lang=t.language, fallback_text=title, actions=_buttons(t, review, page, len(pages)))


def _pages(t: Texts, review: Review) -> list[list[Element]]:
    first, *more = _to_review(t, review)
    head = [*_head(t, review), *first]
    room = POST_BYTES - _BUTTON_BYTES - sum(size(element.to_dict()) for element in head)
    colours = review.group.colour_of_impact
    parts = picture_parts(t, review.picture, review.template, colours=colours, limit=room, names=True)
    pages = [[*(head if index == 0 else []), *part.body] for index, part in enumerate(parts)]
    return [*pages, *more]


def _head(t: Texts, review: Review) -> list[Element]:
    """What this is, for whom, and what became of what was posted before."""
    where = one_line(review.group.home.channel_name)
    lines = [t("picture.preview_where", channel=where) if where else t("picture.preview_channel")]
    if review.round.state is RoundState.OPEN:
        when = t.datetime(review.round.deadline, review.group.timezone)
        lines.append(t("picture.open_until", when=when))
    if review.published is not None:
        lines.append(_posted(t, review, review.published))
        if not review.up_to_date:
            lines.append(t("picture.changed_since"))
    items: list[Element] = [TextBlock(t("picture.preview"), weight="bolder", color="accent")]
    if review.needs_another_look:
        items.append(TextBlock(f"⚠ {t('picture.another_look')}", weight="bolder", color="attention"))
    return [*items, TextBlock(" ".join(lines), is_subtle=True, size="small", spacing="none")]


def _posted(t: Texts, review: Review, published: PublishedPicture) -> str:
    known = {
        "where": channel(t, review.group),
        "when": t.datetime(published.published_at, review.group.timezone),
        "revision": published.revision,
    }
    if review.post is not None and review.post.state.is_undelivered:
        return t("picture.not_arrived", where=known["where"], revision=known["revision"])
    if review.post is not None and not review.post.state.is_final:
        return t("picture.on_its_way", **known)
    if review.publisher is None:
        return t("picture.posted", **known)
    return t("picture.posted_by", who=one_line(review.publisher.name), **known)


def channel(t: Texts, group: Group) -> str:
    """The group's channel by name, if it is known."""
    name = one_line(group.home.channel_name)
    return t("picture.channel", channel=name) if name else t("picture.the_channel")


def _to_review(t: Texts, review: Review) -> list[list[Element]]:
    """What the guard stopped and the sender calls right, a page's worth at a time; the first may be empty (A11)."""
    if not review.overridden:
        return [[]]
    before = sum(one.reviewed for one in review.overridden)
    shown = [_finding(t, review, one) for one in review.waiting]
    pages = [_boxed(t, rows) for rows in _filled(shown)] or [[]]
    if before:
        pages[0] = [*pages[0], quiet(t.plural("picture.review_before", before))]
    return pages


def _filled(rows: Sequence[TextBlock]) -> list[list[TextBlock]]:
    pages: list[list[TextBlock]] = []
    used = _REVIEW_BYTES
    for row in rows:
        needed = size(row.to_dict())
        if used + needed > _REVIEW_BYTES:
            pages.append([])
            used = 0
        pages[-1].append(row)
        used += needed
    return pages


def _boxed(t: Texts, rows: Sequence[TextBlock]) -> list[Element]:
    items = [
        TextBlock(f"⚠ {t('picture.review_title')}", weight="bolder", color="attention"),
        TextBlock(t("picture.review_intro"), spacing="small", size="small"),
        *rows,
        TextBlock(t("picture.review_advice"), spacing="small", size="small", is_subtle=True),
    ]
    return [Container(items, style="attention", spacing="medium")]


def _finding(t: Texts, review: Review, one: Overridden) -> TextBlock:
    kind = f"finding.{one.override.kind}"
    text = t(
        "picture.review_row",
        who=_sender(t, one.member),
        area=one_line(review.template.question(one.override.number).title),
        kind=t(kind) if t.has(kind) else one_line(one.override.kind),
        excerpt=one_line(one.override.excerpt, 200),
        reason=one_line(one.override.reason, 400),
    )
    return TextBlock(text, spacing="small")


def _sender(t: Texts, member: Member) -> str:
    name = one_line(member.name)
    if not member.organisation:
        return name
    return t("picture.review_person", name=name, organisation=one_line(member.organisation))


def _buttons(t: Texts, review: Review, page: int, pages: int) -> list[Action]:
    found: list[Action] = []
    if not review.up_to_date:
        title = t("picture.update" if review.published else "picture.publish")
        found.append(execute(title, PublishPicture(review.round.id, review.seen), style="positive"))
    found.append(_status_button(t, review))
    if pages > 1:
        ahead = (page + 1) % pages
        title = t("picture.next_page" if ahead else "picture.first_page")
        found.append(execute(title, PreviewPicture(review.round.id, ahead)))
    return found


def _status_button(t: Texts, review: Review) -> Action:
    line = f"status {review.round.number}"
    return execute(t("picture.show_status"), RunCommand(line, review.group.id))


def release_line(t: Texts, review: Review) -> str:
    """What a release led to, on a line: on its way, or there already (or not, and why)."""
    if review.released or review.published is None:
        return t("picture.released", where=channel(t, review.group))
    return _posted(t, review, review.published)


def released_card(t: Texts, review: Review) -> Card:
    """The same as a card, with who released it and what comes next."""
    title = release_line(t, review)
    body: list[Element] = [TextBlock(f"✓ {title}" if review.released else title, weight="bolder")]
    if review.published is not None and review.publisher is not None:
        about = t(
            "picture.released_about",
            who=one_line(review.publisher.name),
            revision=review.published.revision,
        )
        body.append(TextBlock(about, is_subtle=True, spacing="small"))
    assess = execute(
        t("picture.assess"), RunCommand(f"bedöm {review.round.number}", review.group.id), style="positive"
    )
    # In the body: three buttons in a row are cut off on a phone.
    body.append(ActionSet([assess], spacing="medium"))
    again = execute(t("picture.show"), PreviewPicture(review.round.id))
    return Card(body, lang=t.language, fallback_text=title, actions=[_status_button(t, review), again])


def late_answer_card(t: Texts, review: Review, who: str, member_id: str) -> Card:
    """A short word to who runs the group: who answered late, and what that means for the post (A7)."""
    zone_day = t.date(review.group.local_day(review.picture.meeting_at))
    title = t("picture.late_answer", who=one_line(who), day=zone_day)
    if review.published is None:
        outcome = "picture.late_unposted"
    else:
        stopped = any(one.member.id == member_id for one in review.waiting)
        outcome = "picture.late_review" if stopped else "picture.late_updated"
    show = execute(t("picture.show"), PreviewPicture(review.round.id))
    body = [TextBlock(title), TextBlock(t(outcome), is_subtle=True, spacing="small")]
    return Card(body, lang=t.language, fallback_text=title, actions=[show])

"""Cards: pure functions from a value of lagesbild to a card. No I/O, no clock.

A builder takes `t: Texts` first and returns a `Card`; `card.to_dict()` is the JSON that Teams gets.

    from cards.actions import Payload, execute
    from cards.card import Card
    from cards.elements import Column, ColumnSet, Container, TextBlock, ToggleVisibility
    from cards.fields import Choice, ChoiceSet, TextInput
    from cards.layout import header, notice, unfold
    from cards.safe import escape, plain
    from cards.texts import Texts

    @dataclass(frozen=True)
    class SubmitReport(Payload, verb="report.submit"):
        round_id: RoundId

    def report_card(t: Texts, round_id: RoundId, note: str) -> Card:
        return Card(
            [*header(t("report.title"), t("report.deadline", when=t.datetime(deadline, zone))),
             TextBlock(escape(note)),
             TextInput("comment_1", t("report.comment"), is_multiline=True, max_length=4000, value=plain(note))],
            actions=[execute(t("report.send"), SubmitReport(round_id), style="positive")],
            lang=t.language, fallback_text=t("report.title"))

At the edge: `Payload.parse(event.data)` -> the payload, or UnknownVerb / BadPayload; `Inputs(event.data)` reads what was
typed: `.text("comment_1", max=4000)`, `.choice("rating_1", allowed)`, `.choices`, `.date`, `.time`, `.integer`, `.number`;
BadInput names the field.

Texts (`cards/texts/sv/LC_MESSAGES/report.po`, ids `report.…`, both languages): `t(id, **values)`, `t.plural(id, n)`,
`t.date`, `t.day`, `t.weekday`, `t.time`, `t.datetime(moment, zone)`, `t.span`, `t.number`, `t.list`.

What a person typed goes through `escape` (TextBlock, Fact), `one_line` (a name among other words) or `plain` (choice,
 label, input value) in `cards.safe`, and so does template data. `tests/cards/checks.py: check_card(card)` holds it all.

Which module: `base` (the strict idiom) < `buttons` < `elements` < `fields`, `charts` < `card`, `actions`, `inputs`, `layout`.
"""

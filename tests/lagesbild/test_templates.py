"""Templates are data: two ship, a third is a file, versions are kept, and a faulty file says what is wrong (A1, A2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cards.report import report_card
from cards.texts import Texts
from lagesbild.answering import Sheet
from lagesbild.templates import Area, Rating, TemplateError, TemplateRef, Templates, read_template
from tests.cards.checks import check_card
from tests.samples import LUDVIKA, NOW, a_group, a_meeting, a_member, a_round, ludvika

THIRD = """
id = "norberg"
version = {version}
municipality = "Norberg"
group_name = "Trygghetsgruppen"
title = "Lägesrapport"
source = "egen"
purpose = ["Vi vill veta tidigt."]
secrecy_rule = "Inga uppgifter om enskilda."
submitted_by = "Inlämnat av"
period_days = 7
period_text = "den senaste veckan"
every_weeks = 1
[[question]]
area = "disorder"
title = "Ordning"
text = "{text}"
rating = "impact"
comment_label = "Kommentar"
[[question]]
area = "positive"
title = "Bra saker"
text = "Vad gick bra?"
rating = "none"
comment_label = "Kommentar"
"""


def test_both_shipped_templates_ask_about_the_seven_areas() -> None:
    for template in Templates.load().newest():
        assert [question.area for question in template.questions] == list(Area)
        assert template.secrecy_rule.startswith("Uppgifter som ni bedömer lyder under sekretess")
        assert "mall" in template.title.casefold()


def test_fagersta_rates_and_ludvika_colours() -> None:
    fagersta, ludvika_ = (Templates.load().latest(name) for name in ("fagersta", "ludvika"))
    assert {question.rating for question in fagersta.rated} == {Rating.IMPACT}
    assert {question.rating for question in ludvika_.rated} == {Rating.COLOUR}
    assert len(ludvika_.scale) == 3


def test_a_third_template_is_a_file_and_an_older_version_is_kept(tmp_path: Path) -> None:
    for version, text in ((1, "Vad har hänt?"), (2, "Vad har hänt den här veckan?")):
        (tmp_path / f"norberg-{version}.toml").write_text(THIRD.format(version=version, text=text), "utf-8")
    templates = Templates.load(tmp_path)
    assert templates.latest("norberg").ref.version == 2
    assert templates.get(TemplateRef("norberg", 1)).questions[0].text == "Vad har hänt?"
    third = templates.latest("norberg")
    check_card(report_card(Texts("sv", NOW.date()), _sheet(third.ref, templates)))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (THIRD.replace("municipality", "kommun"), "municipality saknas"),
        (THIRD.replace('"positive"', '"other"'), "gick bra"),
        (THIRD.replace('"impact"', '"stars"'), "stars"),
        ("[[[", "toml"),
    ],
)
def test_a_faulty_file_is_named_with_what_is_wrong(tmp_path: Path, broken: str, says: str) -> None:
    path = tmp_path / "norberg.toml"
    path.write_text(broken.format(version=1, text="?") if "{version}" in broken else broken, "utf-8")
    with pytest.raises(TemplateError) as error:
        read_template(path)
    assert "norberg.toml" in str(error.value)
    assert says in str(error.value)


def test_ludvikas_card_has_points_and_colours() -> None:
    card = check_card(report_card(Texts("sv", NOW.date()), _sheet(LUDVIKA, Templates.load())))
    words = str(card)
    assert "🟢 Grönt" in words
    assert "Punkter" in words
    assert ludvika().questions[0].comment_label in words


def _sheet(ref: TemplateRef, templates: Templates) -> Sheet:
    return Sheet(
        group=a_group(template=ref),
        member=a_member(),
        round=a_round(template=ref),
        meeting=a_meeting(),
        template=templates.get(ref),
        report=None,
        notes=(),
        last_levels={},
        made_at=NOW,
    )

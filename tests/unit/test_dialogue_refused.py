"""What a message names only to refuse it is not what it asks for."""

import pytest

from core.dialogue.refused import without_refused
from core.dialogue.understanding import Entity
from tests.unit.conversing import heard

Said = tuple[str, str, str]


def entity_of(text: str, said: Said) -> Entity:
    kind, words, value = said
    fields = {"value": value, "grain": "month" if value.endswith("-00") else "day"}
    if kind == "date" and value.endswith("-00"):
        fields["value"] = f"{value[:-2]}01"
    if kind == "at_most":
        kind, fields = "amount", {"value": value, "bound": "at_most"}
    start = text.index(words)
    return Entity(kind, fields, start, start + len(words))


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ("200 is too much, 120 would be ok", [("amount", "200", "200"), ("amount", "120", "120")], ["120"]),
        ("200 a month is just too high, 120", [("amount", "200", "200"), ("amount", "120", "120")], ["120"]),
        ("can't afford 200, make it 120", [("amount", "200", "200"), ("amount", "120", "120")], ["120"]),
        ("not 12 months but 9 months", [("duration", "12 months", "12"), ("duration", "9 months", "9")], ["9"]),
        ("200 is too much", [("amount", "200", "200")], ["200"]),
        ("can't do more than 200", [("at_most", "200", "200")], ["200"]),
        ("why not 200, or 250", [("amount", "200", "200"), ("amount", "250", "250")], ["200", "250"]),
        (
            "can't do december at all, from the 25th",
            [("date", "december", "2026-12-00"), ("date", "25th", "2026-12-25")],
            [],
        ),
        (
            "not the 5th, the 12th",
            [("date", "the 5th", "2026-12-05"), ("date", "the 12th", "2026-12-12")],
            ["2026-12-12"],
        ),
        ("分24期太长了，18期吧", [("instalments", "24期", "24"), ("instalments", "18期", "18")], ["18"]),
        ("12月不行，1月吧", [("date", "12月", "2026-12-00"), ("date", "1月", "2027-01-00")], ["2027-01-01"]),
        ("500太多了，300行", [("amount", "500", "500"), ("amount", "300", "300")], ["300"]),
        ("还不起500，300可以", [("amount", "500", "500"), ("amount", "300", "300")], ["300"]),
    ],
)
def test_what_is_refused_goes_where_something_else_is_named_and_a_day_always(
    text: str, said: list[Said], left: list[str]
) -> None:
    entities = tuple(entity_of(text, each) for each in said)
    kept = without_refused(heard("propose_amount", entities=entities), text)
    assert [str(entity.value) for entity in kept.entities] == left

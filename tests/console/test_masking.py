"""Telephone, card and document numbers are covered but for their last four; everything else is left as it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.masking import (
    COVER,
    is_card_number,
    mask_card,
    mask_contact,
    mask_document,
    mask_phone,
    mask_text,
    mask_values,
)

NUMBERS = {
    "13912345678": "5678",
    "139 1234 5678": "5678",
    "139-1234-5678": "5678",
    "+86 139 1234 5678": "5678",
    "008613912345678": "5678",
    "010-62345678": "5678",
    "１３９１２３４５６７８": "５６７８",
    "110101199003072316": "2316",
    "11010119900307231X": "231X",
    "110101 19900307 2316": "2316",
    "(212) 555-4471": "4471",
    "212-555-4471": "4471",
    "212.555.4471": "4471",
    "2125554471": "4471",
    "+1 212 555 4471": "4471",
    "+12125554471": "4471",
    "07700 900118": "0118",
    "07700900118": "0118",
    "+44 7700 900118": "0118",
    "+44 (0)20 7946 0100": "0100",
    "020 7946 0100": "0100",
    "(0161) 496 0123": "0123",
    "+49 151 2345 6789": "6789",
    "4111 1111 1111 1111": "1111",
    "4111-1111-1111-1111": "1111",
    "4111111111111111": "1111",
    "378282246310005": "0005",
    "6222021234567890128": "0128",
    "123-45-6789": "6789",
    "123 45 6789": "6789",
    "AB123456C": "456C",
    "ab 12 34 56 c": "456c",
}
SAID = ("%s", "my number is %s.", "请打%s找我", "card: %s, thanks", "(%s)", "%s/家里", "1) %s 2) later")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("said", SAID)
def test_a_number_is_covered_wherever_it_stands_in_a_text(said: str, number: str) -> None:
    assert mask_text(said % number) == said % (COVER + NUMBERS[number])


@pytest.mark.parametrize(
    "text",
    [
        "I can pay 1,250.50 on 2026-12-01, then $2,125,554.71",
        "¥12345678.90，12号之前",
        "每个月还一千五，从2026年12月12日开始",
        "case HB-20417, plan 3, version 12",
        "at 10:30 on 12/11/2026, 36 instalments",
        "ref 20261123150000",
        "INV1234567",
        "order 4111 1111 1111 1112",
        "QQ 12 34 56 C",
        "2026-11-23T15:00:00+00:00",
        "1234567890123",
        "100000 200000 300000",
        "",
    ],
)
def test_sums_dates_references_and_what_is_no_number_of_a_person_stay(text: str) -> None:
    assert mask_text(text) == text


def test_single_values_are_covered_by_their_kind() -> None:
    assert mask_phone("+8613900006688") == "••••6688"
    assert mask_card("6222 0212 3456 7890") == "••••7890"
    assert mask_document("11010119900307231X") == "••••231X"
    assert mask_contact("email", "dana.reyes@example.com") == "d••••@example.com"
    assert mask_contact("telegram", "7345512234") == "••••2234"
    assert mask_contact("phone", "+12125554471") == "••••4471"
    assert mask_contact("web", "chat-17") == "chat-17"
    assert mask_phone("2231") == COVER


def test_everything_inside_a_record_is_masked_and_its_shape_stays() -> None:
    record = {"words": "打13912345678", "list": [1, None, True, {"to": "+44 7700 900118"}], "sum": "120.00"}
    assert mask_values(record) == {"words": "打••••5678", "list": [1, None, True, {"to": "••••0118"}], "sum": "120.00"}


def _luhn(body: str) -> str:
    return next(body + str(last) for last in range(10) if is_card_number(body + str(last)))


cards = st.from_regex(r"[3-6][0-9]{14}", fullmatch=True).filter(lambda body: len(set(body)) > 1).map(_luhn)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
american = st.from_regex(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)
british = st.from_regex(r"07[0-9]{9}", fullmatch=True)
identities = st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])[0-9]{3}[0-9X]", fullmatch=True)
social = st.from_regex(r"[1-5][0-9]{2}-[1-9][0-9]-[1-9][0-9]{3}", fullmatch=True)
numbers = st.one_of(cards, mobiles, american, british, identities, social)
prose = st.text(alphabet="abc 你好，。！\n?", max_size=20)


@given(before=prose, number=numbers, after=prose)
def test_of_a_number_in_any_prose_only_the_last_four_are_left(before: str, number: str, after: str) -> None:
    masked = mask_text(f"{before} {number} {after}")
    assert masked == f"{before} {COVER}{re.sub(r'[^0-9X]', '', number)[-4:]} {after}"


@given(text=st.text(max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask_text(mask_text(text)) == mask_text(text)


@given(several=st.lists(numbers, min_size=2, max_size=4))
def test_each_of_several_numbers_is_covered(several: list[str]) -> None:
    masked = mask_text("；".join(several))
    assert masked.count(COVER) == len(several)
    assert max(map(len, re.findall(r"\d+", masked))) <= 4


@given(text=prose)
def test_a_text_without_numbers_is_left_as_it_is(text: str) -> None:
    assert mask_text(text) == text

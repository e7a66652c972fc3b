"""What identifies a debtor is taken out of what they wrote, and what they mean stays."""

from datetime import UTC, datetime

import pytest

from core.dialogue.understanding import Language
from core.store.readings import LabelledText, Private
from nlu.corpus import Example
from nlu.masking import KINDS, mask, plain
from nlu.relabelled import as_rasa_yaml, digest_of, examples_of, from_json, is_held, to_json

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WANG = Private("王建国", ("JH-20430", "2231", "8801"), ("13800138000", "wjg88@qq.com"), "1988-03-09")
DANA = Private("Dana O'Reyes", ("HB-20417", "2231", "BS1 4DJ"), ("+14155550123", "dana@x.com"), "1988-03-09")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我是王建国，有事找我", "我是‹姓名›，有事找我"),
        ("建国说每个月还1000，12号发工资", "‹姓名›说每个月还1000，12号发工资"),
        ("我是王建國", "我是‹姓名›"),
        ("我1988年3月9日生，手机尾号2231", "我‹出生日期›生，手机尾号‹号码›"),
        ("19880309", "‹出生日期›"),
        ("我的卡号6222021234567890123", "我的卡号‹号码›"),
        ("身份证11010119880309223x", "身份证‹号码›"),
        ("打我电话139 1234 5678", "打我电话‹电话›"),
        ("邮箱abc.d@163.com发合同", "邮箱‹邮箱›发合同"),
        ("合同jh20430不是我签的", "合同‹号码›不是我签的"),
        ("加微信liq_88聊", "加微信‹账号›聊"),
        ("我住在上海市浦东新区张江路88弄12号301室，信寄那里", "我住在‹地址›，信寄那里"),
        ("寄到建國路25號3樓", "寄到‹地址›"),
        ("我爸叫张伟，去世了", "我爸叫‹姓名›，去世了"),
        ("请联系我老公李强", "请联系我老公‹姓名›"),
    ],
)
def test_chinese_texts_lose_what_identifies_their_writer(said: str, shown: str) -> None:
    assert mask(said, "zh", WANG, NOW) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("This is Dana speaking", "This is ‹name› speaking"),
        ("o'reyes here. ref HB 20417", "‹name› here. ref ‹number›"),
        ("9 March 1988, phone ends 2231", "‹birth date›, phone ends ‹number›"),
        ("dob 03/09/1988", "dob ‹birth date›"),
        ("call 415-555-0199 instead", "call ‹phone› instead"),
        ("my SSN is 123-45-6789", "my SSN is ‹number›"),
        ("card 4111 1111 1111 1111 was charged", "card ‹number› was charged"),
        ("write to dana.r@gmail.com or @danarey", "write to ‹email› or ‹handle›"),
        ("see https://pay.example/x?id=1", "see ‹link›"),
        ("I live at 42 Park Road, Bristol", "I live at ‹address›"),
        ("i moved to 7 old mill lane", "i moved to ‹address›"),
        ("apt 4b is where I am", "‹address› is where I am"),
        ("postcode bs14dj", "postcode ‹number›"),
        ("talk to my husband Mark Lee", "talk to my husband ‹name›"),
    ],
)
def test_english_texts_lose_what_identifies_their_writer(said: str, shown: str) -> None:
    assert mask(said, "en", DANA, NOW, "USD") == shown


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "欠了100000块，12345678元也不是"),
        ("zh", "从下个月10号开始，每月800，分12期，2026年12月5日先还一笔"),
        ("zh", "这里没有路走了，我在路上，3号还"),
        ("zh", "现在手头上只有2000多块"),
        ("en", "I can pay 250.50 on 12 December 2026"),
        ("en", "i can do 2000 a month no way more"),
        ("en", "I need 3 more weeks to get on my way"),
        ("en", "I owe 1000000 and I'm on the road"),
        ("en", "10 years ago this was a good place"),
    ],
)
def test_sums_dates_to_come_and_meaning_stay(lang: Language, said: str) -> None:
    assert mask(said, lang, Private(), NOW, "CNY" if lang == "zh" else "USD") == said


def test_what_the_recogniser_does_not_read_is_left_out() -> None:
    shown = mask("pay " * 600 + "13800138000", "en", Private(), NOW)
    assert "138" not in shown
    assert shown.endswith("…")


def test_whatever_is_masked_training_reads_as_a_stand_in() -> None:
    masked = "".join(f"‹{name}›" for names in KINDS.values() for name in names)
    assert "‹" not in plain(masked)
    assert plain("我是‹姓名›，尾号‹号码›") == "我是小明，尾号0000"


def labelled(text: str, *labels: str, lang: str = "zh", private: Private = WANG) -> LabelledText:
    return LabelledText(text, labels, lang, "CNY", NOW, private)


def test_texts_that_are_alike_once_masked_mean_what_was_said_last() -> None:
    twice = [labelled("我是王建国，缓缓", "evasive"), labelled("我是建国，缓缓 \n", "request_extension")]
    assert examples_of(twice) == (Example("我是‹姓名›，缓缓", ("request_extension",), "zh"),)


def test_a_text_without_a_known_meaning_teaches_nothing() -> None:
    assert examples_of([labelled("好", "no_such_intent"), labelled("  ", "affirm")]) == ()


def test_a_fifth_is_set_aside_and_always_the_same() -> None:
    held = [is_held(Example(f"message {n}", ("greet",), "en")) for n in range(2000)]
    assert 0.15 < sum(held) / len(held) < 0.25
    assert held == [is_held(Example(f"message {n}", ("thanks",), "en")) for n in range(2000)]


def test_the_digest_changes_with_the_data_and_not_with_their_order() -> None:
    one, two = Example("a", ("greet",), "en"), Example("b", ("thanks",), "en")
    assert digest_of("base", (one, two)) == digest_of("base", (two, one))
    assert len({digest_of("base", (one,)), digest_of("other", (one,)), digest_of("base", (one, two))}) == 3
    assert from_json(to_json((one, two))) == (one, two)


def test_what_rasa_would_take_for_an_entity_is_written_apart() -> None:
    yaml = as_rasa_yaml([Example("[12](amount) and [x]{y} \x07", ("greet",), "en")])
    assert "- [12] (amount) and [x] {y}" in yaml
    assert as_rasa_yaml([]) == 'version: "3.1"\nnlu: []\n'

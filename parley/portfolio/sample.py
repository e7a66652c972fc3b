"""Believable portfolios of any size, the same for the same seed: to try an import, to demonstrate, to load-test."""

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

HEADERS = (
    "creditor", "creditor phone", "reference", "product", "currency", "principal", "interest", "fees", "days past due",
    "contract date", "contract: annual rate", "name", "phone", "email", "language", "time zone", "market",
    "birth date", "account last4",
)  # fmt: skip

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚"
_GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 欣怡 子涵 浩然 宇轩 "
    "梓萱 雨桐 建国 志强 海燕 "
    "晓东 佳琪 思远 美玲 国华 玉兰 春梅 文博 婷婷 立新 俊杰"
).split()
_FIRST = (
    "Dana Marcus Aisha Tom Priya Luis Grace Kevin Olivia Sam Nadia Peter Chloe Hassan Megan Andre Julia Owen Ryan "
    "Emma Jamal Sofia Daniel Hannah Victor Leah Patrick Maya Colin Ruth Diego Zoe Amir Claire Nathan Bella Isaac"
).split()
_LAST = (
    "Reyes Walker Khan Hughes Patel Gomez Bennett Murphy Nguyen Clarke Novak Osei Foster Rivera Shaw Ahmed Price Cole "
    "Jensen Doyle Marsh Okafor Ellis Hart Quinn Boyd Lowe Santos Vance Reid Barker Mills Holt Frost"
).split()
_US_ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
_MARKETS = ("cn", "cn", "cn", "us", "us", "uk")
_CREDITORS = {
    "cn": (("海港银行", "95588 00"), ("青禾消费金融", "400 820 0000")),
    "us": (("Harbour Bank", "+1 212 555 0100"), ("Maple Credit Union", "+1 312 555 0142")),
    "uk": (("Northgate Bank", "+44 20 7946 0100"), ("Thistle Finance", "+44 131 496 0190")),
}
_PRODUCTS = ("credit_card", "credit_card", "personal_loan", "consumer_loan", "auto_loan")
_SCALE = {"cn": 7, "us": 1, "uk": 1}


def sample_rows(rows: int, seed: int) -> Iterator[tuple[str, ...]]:
    """`rows` lines under `HEADERS`, one at a time; the same seed gives the same lines on any day."""
    dice = random.Random(seed)  # noqa: S311 - sample data, not secrets
    for number in range(1, rows + 1):
        yield _row(dice, number)


def write_sample(path: Path, rows: int, seed: int) -> None:
    """Writes a sample portfolio as CSV or, by its suffix, as a workbook; memory does not grow with its size."""
    if path.suffix.lower() == ".xlsx":
        _write_workbook(path, sample_rows(rows, seed))
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(sample_rows(rows, seed))


def _write_workbook(path: Path, rows: Iterator[Sequence[str]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("portfolio")
        sheet.write_row(0, 0, HEADERS)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)


def _row(dice: random.Random, number: int) -> tuple[str, ...]:
    market = dice.choice(_MARKETS)
    creditor, official_phone = dice.choice(_CREDITORS[market])
    language = "zh" if market == "cn" or dice.random() < 0.06 else "en"
    name = _name(dice, language)
    principal = round(dice.lognormvariate(7.4, 0.9), 2) * _SCALE[market]
    days = int(min(900, dice.expovariate(1 / 75)) + 3)
    rate = dice.choice((0.1095, 0.1460, 0.1825, 0.2190, 0.2399))
    interest = principal * rate * days / 365
    fees = dice.choice((0, 0, 12, 25, 39)) * _SCALE[market]
    birth = date(1958, 1, 1) + timedelta(days=dice.randrange(365 * 46))
    opened = date(2019, 1, 1) + timedelta(days=dice.randrange(2000))
    return (
        creditor,
        official_phone,
        f"{market.upper()}-{number:07d}",
        dice.choice(_PRODUCTS),
        {"cn": "CNY", "us": "USD", "uk": "GBP"}[market],
        f"{principal:.2f}",
        f"{interest:.2f}",
        f"{fees:.2f}",
        str(days),
        opened.isoformat(),
        f"{rate}",
        name,
        _phone(dice, market),
        f"person{number}@example.com" if dice.random() < 0.7 else "",
        language,
        {"cn": "Asia/Shanghai", "uk": "Europe/London"}.get(market) or dice.choice(_US_ZONES),
        market,
        birth.isoformat(),
        f"{dice.randrange(10000):04d}",
    )


def _name(dice: random.Random, language: str) -> str:
    if language == "zh":
        return dice.choice(_SURNAMES) + dice.choice(_GIVEN)
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"


def _phone(dice: random.Random, market: str) -> str:
    if market == "cn":
        return f"+86139{dice.randrange(10**8):08d}"
    if market == "us":
        return f"+1{dice.choice((212, 312, 415, 617))}555{dice.randrange(10000):04d}"
    return f"+447700900{dice.randrange(1000):03d}"

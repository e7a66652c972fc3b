"""A script as values: read once, with an error that says which line of it is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import yaml

from core.errors import InvalidInput

_WAIT = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([smhd])\s*$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_ZONES = {
    19_800: "Asia/Kolkata",
    20_700: "Asia/Kathmandu",
    34_200: "Australia/Darwin",
    12_600: "Asia/Tehran",
    16_200: "Asia/Kabul",
    23_400: "Asia/Yangon",
}
_USUAL = {("cn", 28_800): "Asia/Shanghai", ("uk", 0): "Europe/London"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`now` is aware; `time_zone` names the debtor's zone; `turns` are as written."""

    name: str
    language: str
    market: str
    creditor: str
    now: datetime
    time_zone: str
    verified: bool
    case: Mapping[str, Any]
    limits: Mapping[str, Any]
    turns: tuple[Mapping[str, Any], ...]


def read_file(path: Path) -> Script:
    """The script in a file. InvalidInput when it is no script."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(f"This script is not YAML: {error}.", path=str(path)) from error
    return read(document)


def read(document: Any) -> Script:
    """The script in a parsed document. InvalidInput names the field that is missing or unfit."""
    if not isinstance(document, Mapping):
        raise InvalidInput("A script is a mapping with name, lang, market, creditor, now, case and turns.")
    now = _instant(_needed(document, "now"))
    case = _needed(document, "case")
    turns = document.get("turns") or []
    if not isinstance(case, Mapping) or not isinstance(turns, list):
        raise InvalidInput("In a script, case is a mapping and turns a list.")
    market = str(_needed(document, "market")).lower()
    debtor = case.get("debtor") or {}
    return Script(
        name=str(document.get("name", "")),
        language=str(document.get("lang", "zh" if market == "cn" else "en")),
        market=market,
        creditor=str(_needed(document, "creditor")),
        now=now,
        time_zone=str(debtor.get("time_zone") or zone_at(now, market)),
        verified=bool(document.get("verified", False)),
        case=case,
        limits=document.get("limits") or {},
        turns=tuple(_turn(turn, number) for number, turn in enumerate(turns, 1)),
    )


def zone_at(now: datetime, market: str) -> str:
    """A zone whose clock shows `now`'s offset, all year: the market's usual one where it fits."""
    offset = int((now.utcoffset() or timedelta()).total_seconds())
    if (market, offset) in _USUAL:
        return _USUAL[market, offset]
    if offset % 3600 == 0:
        hours = offset // 3600
        return "Etc/UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"
    if offset in _ZONES:
        return _ZONES[offset]
    raise InvalidInput("Give the debtor's time_zone: no zone keeps this offset.", now=now.isoformat())


def waited(turn: Mapping[str, Any]) -> timedelta:
    """How long after the last turn this one comes."""
    text = turn.get("wait")
    if text is None:
        return timedelta()
    found = _WAIT.match(str(text))
    if found is None:
        raise InvalidInput("Write a wait as 30s, 5m, 2h or 3d.", wait=str(text))
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def day_of(value: Any) -> date:
    """A date as YAML gives it: a date, or ISO text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _instant(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else None
    if moment is None:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise InvalidInput("Write now as 2026-11-23T10:00:00-05:00.", now=str(value)) from error
    zone: tzinfo = moment.tzinfo or UTC
    return moment.replace(tzinfo=zone)


def _turn(turn: Any, number: int) -> Mapping[str, Any]:
    kinds = ("say", "press", "agent", "payment", "miss")
    if not isinstance(turn, Mapping) or not any(kind in turn for kind in kinds):
        raise InvalidInput(f"Turn {number} says nothing: give one of {', '.join(kinds)}.")
    return turn


def _needed(document: Mapping[str, Any], field: str) -> Any:
    if document.get(field) in (None, ""):
        raise InvalidInput(f"The script has no {field}.")
    return document[field]

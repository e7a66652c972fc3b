"""A draft's own changes on another version than it was made from, field by field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.policy.codec import version_from_json, version_to_json
from core.policy.limits import PolicyVersion

_Parts = dict[tuple[str, ...], Any]
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed. None: not there, or gone. `field` is empty where the whole rule is in question."""

    rule: str
    field: str
    base: str | None
    theirs: str | None
    mine: str | None

    @property
    def key(self) -> tuple[str, str]:
        """What a choice is made about."""
        return self.rule, self.field


@dataclass(frozen=True, slots=True)
class Rebased:
    """The draft on the other version; where a conflict is left, the version has the other's value."""

    version: PolicyVersion
    conflicts: tuple[Conflict, ...]


def rebase(
    base: PolicyVersion,
    mine: PolicyVersion,
    theirs: PolicyVersion,
    keep: Collection[tuple[str, str]] = (),
    take: Collection[tuple[str, str]] = (),
) -> Rebased:
    """What `mine` changed of `base`, done to `theirs`, with its number.

    Nothing that either changed is lost: where both changed a field to different values, it is a conflict, unless it is
    chosen by (rule, field) to `keep` mine or `take` theirs.
    """
    before, wanted, found = _rules(base), _rules(mine), _rules(theirs)
    merged: dict[str, dict[str, Any]] = {}
    conflicts: list[Conflict] = []
    for name in [*found, *(name for name in wanted if name not in found)]:
        parts = _merge(name, before.get(name), wanted.get(name), found.get(name), _Choice(keep, take, conflicts))
        if parts is not None:
            merged[name] = parts
    body = version_to_json(theirs) | {"rules": list(merged.values())}
    return Rebased(version_from_json(body), tuple(conflicts))


@dataclass(frozen=True, slots=True)
class _Choice:
    keep: Collection[tuple[str, str]]
    take: Collection[tuple[str, str]]
    conflicts: list[Conflict]

    def of(self, conflict: Conflict) -> bool:
        """Whether mine holds; noted as open where nothing was chosen."""
        if conflict.key in self.keep:
            return True
        if conflict.key not in self.take:
            self.conflicts.append(conflict)
        return False


def _rules(version: PolicyVersion) -> dict[str, dict[str, Any]]:
    written = version_to_json(version)["rules"]
    return {rule.id: body for rule, body in zip(version.rules, written, strict=True)}


def _merge(
    name: str,
    base: dict[str, Any] | None,
    mine: dict[str, Any] | None,
    theirs: dict[str, Any] | None,
    choice: _Choice,
) -> dict[str, Any] | None:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    if mine is None or theirs is None:
        kept = choice.of(Conflict(name, "", _there(base), _there(theirs), _there(mine)))
        return mine if kept else theirs
    was, wanted, found = _parts(base or {}), _parts(mine), _parts(theirs)
    merged: _Parts = {}
    for key in [*found, *(key for key in wanted if key not in found)]:
        value = _field(name, key, (was, wanted, found), choice)
        if value is not _NOTHING:
            merged[key] = value
    return _whole(merged)


def _field(name: str, key: tuple[str, ...], parts: tuple[_Parts, _Parts, _Parts], choice: _Choice) -> Any:
    was, mine, theirs = (each.get(key, _NOTHING) for each in parts)
    if mine in (was, theirs):
        return theirs
    if theirs == was:
        return mine
    shown = (None if value is _NOTHING else _plain(value) for value in (was, theirs, mine))
    return mine if choice.of(Conflict(name, key[-1], *shown)) else theirs


def _plain(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _there(rule: dict[str, Any] | None) -> str | None:
    return None if rule is None else ""


def _parts(rule: Mapping[str, Any]) -> _Parts:
    """A rule's fields, those inside its limits one by one."""
    parts: _Parts = {}
    for key, value in rule.items():
        if isinstance(value, dict):
            parts |= {(key, name): each for name, each in value.items()}
        else:
            parts[key,] = value
    return parts


def _whole(parts: _Parts) -> dict[str, Any]:
    rule: dict[str, Any] = {"limits": {}}
    for key, value in parts.items():
        inside = rule if len(key) == 1 else rule.setdefault(key[0], {})
        inside[key[-1]] = value
    return rule

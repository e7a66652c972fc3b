"""Which teams serve a conversation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Serves:
    """What a team serves: everything where a set is empty. Languages are `zh` and `en`, creditors their ids."""

    team_id: int
    markets: frozenset[str] = frozenset()
    creditors: frozenset[int] = frozenset()
    reasons: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    @classmethod
    def listed(
        cls,
        team_id: int,
        markets: Iterable[Any] | None,
        creditors: Iterable[Any] | None,
        reasons: Iterable[Any] | None,
        languages: Iterable[Any] | None,
    ) -> "Serves":
        """As lists name it; one that is not there names nothing."""
        return cls(
            team_id=team_id,
            markets=frozenset(map(str, markets or ())),
            creditors=frozenset(map(int, creditors or ())),
            reasons=frozenset(map(str, reasons or ())),
            languages=frozenset(map(str, languages or ())),
        )

    @property
    def narrowness(self) -> int:
        """In how many ways it is narrowed."""
        return sum(bool(named) for named in (self.markets, self.creditors, self.reasons, self.languages))

    def fits(self, *, market: str, creditor_id: int, reason: str | None, language: str) -> bool:
        """Whether the team serves such a conversation; one that has no reason yet could still get any."""
        spoken = "zh" if language.lower().startswith("zh") else "en"
        return (
            (not self.markets or market in self.markets)
            and (not self.creditors or creditor_id in self.creditors)
            and (not self.reasons or reason is None or reason in self.reasons)
            and (not self.languages or spoken in self.languages)
        )


def in_order(teams: Iterable[Serves]) -> Sequence[Serves]:
    """Those made for the fewest first."""
    return sorted(teams, key=lambda team: (-team.narrowness, team.team_id))


def serving(
    teams: Iterable[Serves],
    *,
    market: str,
    creditor_id: int,
    reason: str | None,
    language: str,
    only: int | None = None,
) -> tuple[int, ...]:
    """The teams that serve it, those made for the fewest first; `only` the team that it was sent to, where there is."""
    found = in_order(teams)
    if only is not None and any(team.team_id == only for team in found):
        return (only,)
    fitting = (t for t in found if t.fits(market=market, creditor_id=creditor_id, reason=reason, language=language))
    return tuple(team.team_id for team in fitting)

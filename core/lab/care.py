"""Our negotiator with other weights, from what takes most to what leaves people most."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from core.lab.strategies import Ours
from core.negotiation import Answer, Ask, CaseFacts, Offer
from core.policy import Grant

_OURS = Ours()


@dataclass(frozen=True, slots=True)
class Careful:
    """Ours with this `affordable_share` and `health_floor` in place of the limits' own; both grant nothing."""

    affordable_share: Decimal
    health_floor: Decimal
    paced: bool = True

    @property
    def name(self) -> str:
        """`0.9/0.4`: the share of a surplus that may be recommended, and the share that should stay free."""
        return f"{self.affordable_share}/{self.health_floor}"

    def opens(self, case: CaseFacts, grant: Grant, ids: Iterator[str]) -> tuple[Offer, ...]:
        return _OURS.opens(case, self._weighed(grant), ids)

    def replies(
        self, ask: Ask, case: CaseFacts, grant: Grant, ids: Iterator[str], table: tuple[Offer, ...]
    ) -> Answer | None:
        return _OURS.replies(ask, case, self._weighed(grant), ids, table)

    def _weighed(self, grant: Grant) -> Grant:
        limits = replace(grant.limits, affordable_share=self.affordable_share, health_floor=self.health_floor)
        return replace(grant, limits=limits)


_WEIGHTS = (
    ("0.9", "0.2"),
    ("0.9", "0.4"),
    ("0.9", "0.6"),
    ("0.9", "0.7"),
    ("0.9", "0.8"),
    ("0.6", "0.8"),
    ("0.45", "0.8"),
    ("0.3", "0.8"),
)
CURVE: dict[str, Careful] = {
    each.name: each for each in (Careful(Decimal(share), Decimal(floor)) for share, floor in _WEIGHTS)
}
"""From the least care to the most; the second has the weights that Parley ships with."""

"""Parts of a plan in words: what is waived by component, and the steps that come before its later instalments."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from core.money import Money
from core.plans import Balance, Component, Step

Language = Literal["zh", "en"]
Said = Callable[[Money], str]
"""How a sum is written."""

_PARTS: Mapping[Component, Mapping[Language, str]] = {
    Component.FEES: {"zh": "费用{}", "en": "{} of the fees"},
    Component.INTEREST: {"zh": "利息{}", "en": "{} of the interest"},
    Component.PENALTY: {"zh": "违约金{}", "en": "{} of the late payment penalty"},
    Component.COSTS: {"zh": "追偿费用{}", "en": "{} of the costs"},
    Component.PRINCIPAL: {"zh": "本金{}", "en": "{} of the principal"},
}


def components_text(balance: Balance, language: Language, said: Said) -> str:
    """What there is of each component: “$40.00 of the fees and $12.00 of the interest”, “费用¥40.00、利息¥12.00”."""
    parts = [_PARTS[part][language].format(said(money)) for part, money in balance.by_component().items() if money]
    if language == "zh":
        return "、".join(parts)
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def steps_text(steps: Sequence[Step], language: Language, said: Said) -> str:
    """“The first 3 are $100.00 each, the next 2 are $200.00 each”, “前3期每期¥100.00，接着2期每期¥200.00”."""
    if language == "zh":
        return "，".join(
            f"{'接着' if place else '前'}{step.count}期每期{said(step.amount)}"
            if step.count > 1
            else f"{'接着1期' if place else '第1期'}{said(step.amount)}"
            for place, step in enumerate(steps)
        )
    return ", ".join(
        f"{'the next' if place else 'The first'} "
        + (f"{step.count} are {said(step.amount)} each" if step.count > 1 else f"is {said(step.amount)}")
        for place, step in enumerate(steps)
    )

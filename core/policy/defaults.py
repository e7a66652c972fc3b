"""The limits that Parley ships with, version 1: what a cautious team starts from and then makes its own.

No source sets these figures; they are product defaults inside the legal ceilings. The UK's terms are the longest,
because a reasonable proposal that the person can afford is not to be refused there (CONC 7.3.8G). The longest term is
counted in days (three years, five in the UK), so that the number of instalments leaves room for those paid by the week.
The protected minimum has public figures behind it (all to be confirmed): the urban subsistence allowance in China,
about 800 yuan a month on average (2024); what the IRS allows one person for food, clothing and the like, about 800
dollars a month (Collection Financial Standards, 2024, without rent); the standard allowance of Universal Credit for one
person over 25, 400.14 pounds a month (2025/26, without rent).
"""

from dataclasses import replace
from decimal import Decimal

from core.calendar import Frequency
from core.policy.limits import Limits, PolicyVersion, Rule

_FREQUENCIES = (Frequency.WEEK, Frequency.FORTNIGHT, Frequency.MONTH)

_CN = Limits(
    min_settlement_share=Decimal("0.90"),
    min_settlement_share_instalments=Decimal("1.00"),
    max_instalments=60,
    max_term_days=1125,
    min_instalment=Decimal(200),
    min_first_payment_share=Decimal("0.01"),
    max_days_to_first_payment=45,
    max_extension_days=30,
    max_fee_waiver_share=Decimal("0.50"),
    max_interest_waiver_share=Decimal("0.30"),
    frequencies=_FREQUENCIES,
    promise_max_days=30,
    promise_min_share=Decimal("0.05"),
    protected_minimum=Decimal(800),
)

_US = replace(
    _CN,
    min_settlement_share=Decimal("0.70"),
    min_settlement_share_instalments=Decimal("0.90"),
    max_instalments=104,
    min_instalment=Decimal(25),
    min_first_payment_share=Decimal("0.005"),
    protected_minimum=Decimal(800),
)

_UK = replace(
    _CN,
    min_settlement_share=Decimal("0.75"),
    min_settlement_share_instalments=Decimal("0.90"),
    max_instalments=260,
    max_term_days=1860,
    min_instalment=Decimal(5),
    min_first_payment_share=Decimal(0),
    max_fee_waiver_share=Decimal("1.00"),
    max_interest_waiver_share=Decimal("0.50"),
    protected_minimum=Decimal(400),
)

DEFAULT_VERSION = PolicyVersion(
    number=1,
    rules=(
        Rule("cn", None, _CN),
        Rule("cn", "credit_card", _CN),
        Rule("cn", "personal_loan", replace(_CN, min_settlement_share=Decimal("0.95"))),
        Rule("us", None, _US),
        Rule("us", "credit_card", _US),
        Rule("us", "personal_loan", replace(_US, min_settlement_share=Decimal("0.80"))),
        Rule("uk", None, _UK),
        Rule("uk", "credit_card", _UK),
        Rule("uk", "personal_loan", replace(_UK, min_settlement_share=Decimal("0.80"))),
    ),
)

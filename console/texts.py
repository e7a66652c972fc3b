"""Reasons, refusals, breaches and problems as sentences. Keys are those that compliance and policy give."""

from collections.abc import Mapping

from console.i18n import N_
from core.policy.codec import SUM_FIELDS

REFUSALS: Mapping[str, str] = {
    "compliance.no_history": N_("The contact history could not be read, so nothing may be sent."),
    "compliance.market_unknown": N_("There are no contact rules for this market, so nothing may be sent."),
    "compliance.empty": N_("The message is empty."),
    "compliance.too_long": N_("The message is longer than %(most)s characters."),
    "compliance.not_verified": N_("This speaks of the debt, and the person's identity has not been confirmed."),
    "compliance.no_debt_talk": N_("This speaks of the debt, and the case carries a flag that forbids it."),
    "compliance.no_contact": N_("The case carries a flag that forbids writing first."),
    "compliance.no_demand": N_("“%(words)s” asks for money, and the case carries a flag that forbids it."),
    "compliance.no_offer": N_("Nothing may be offered while the case carries a flag that forbids asking for money."),
    "compliance.no_grant": N_("“%(words)s” grants something. Only the plan desk can: use it for an offer."),
    "compliance.unknown_sum": N_("%(sum)s is no sum that this case knows. Use the plan desk to offer another."),
    "compliance.hours": N_("It is outside the hours for contacting this person (their time: %(local_time)s)."),
    "compliance.stopped": N_("The person asked for no more contact. Only what they ask may be answered."),
    "compliance.represented": N_("The person has a representative. Only what they ask may be answered."),
    "compliance.insolvency": N_("The person is insolvent or has breathing space. Only what they ask may be answered."),
    "compliance.preferred_contact": N_("The person said when or how to be reached: “%(words)s”."),
    "compliance.person_first": N_("Someone of the team has to look at this first."),
    "compliance.cap_day": N_("No more than %(most)s messages a day may be sent unasked."),
    "compliance.cap_week": N_("No more than %(most)s messages in seven days may be sent unasked."),
    "compliance.crime": N_("“%(words)s” speaks of crime or prison. That is a threat."),
    "compliance.court": N_("“%(words)s” threatens with court or enforcement."),
    "compliance.shame": N_("“%(words)s” shames the person."),
    "compliance.others": N_("“%(words)s” threatens to tell other people."),
    "compliance.visit": N_("“%(words)s” threatens with a visit."),
    "compliance.deadline": N_("“%(words)s” puts false pressure of time on the person."),
    "compliance.insult": N_("“%(words)s” is insulting."),
    "compliance.authority": N_("“%(words)s” claims an authority that we do not have."),
    "compliance.borrowing": N_("“%(words)s” pushes the person to borrow."),
    "compliance.pressing_style": N_("“%(words)s” presses the person."),
    "desk.terms_unclear": N_("These numbers make no plan. Change the sum, the number or the date."),
    "desk.beyond_law": N_("The law does not allow this, so nobody may approve it."),
    "desk.reason_required": N_("Say why, so that whoever decides can see it."),
}
REFUSED_WORDING = N_("“%(words)s” is wording that may not be used.")
REFUSED_OTHERWISE = N_("This rule does not allow the message.")

FIELDS: Mapping[str, str] = {
    "min_settlement_share": N_("Least share settled in one payment"),
    "min_settlement_share_instalments": N_("Least share settled in instalments"),
    "min_settlement_amount": N_("Least sum settled in one payment"),
    "max_instalments": N_("Most instalments"),
    "max_term_days": N_("Longest term"),
    "min_instalment": N_("Smallest instalment"),
    "min_first_payment_share": N_("Least share paid first"),
    "min_first_payment_amount": N_("Least sum paid first"),
    "max_days_to_first_payment": N_("Longest wait for the first payment"),
    "max_extension_days": N_("Longest delay of the whole sum"),
    "max_fee_waiver_share": N_("Most of the fees waived"),
    "max_interest_waiver_share": N_("Most of the interest waived"),
    "frequencies": N_("Payment rhythms"),
    "promise_max_days": N_("Furthest date of a promise"),
    "promise_min_share": N_("Least share promised"),
    "plan_interest": N_("Yearly interest during a plan"),
    "concession_pace": N_("How the assistant gives way"),
    "count": N_("Number of payments"),
    "first_due": N_("First payment date"),
}
HELP: Mapping[str, str] = {
    "min_settlement_share": N_("100%% means no discount."),
    "min_settlement_share_instalments": N_("100%% means no discount."),
    "min_settlement_amount": N_("In the currency of the market. 0 leaves it to the share."),
    "max_instalments": N_("How many payments a plan may have."),
    "max_term_days": N_("Days from the offer to the last payment."),
    "min_instalment": N_("In the currency of the market. The last one may be smaller."),
    "min_first_payment_share": N_("Of the plan's total, paid by its first payment."),
    "min_first_payment_amount": N_("In the currency of the market. 0 leaves it to the share."),
    "max_days_to_first_payment": N_("Days from the offer to the first payment."),
    "max_extension_days": N_("Days that the whole sum may be put off."),
    "max_fee_waiver_share": N_("100%% means that all fees may be waived."),
    "max_interest_waiver_share": N_("100%% means that all interest may be waived."),
    "frequencies": N_("What a plan may be paid by."),
    "promise_max_days": N_("Days from today."),
    "promise_min_share": N_("Of what is owed."),
    "plan_interest": N_("0%% stops interest while a plan runs."),
    "concession_pace": N_("Discounts and waivers at once, or by steps when people ask for more."),
}
SUMS = SUM_FIELDS
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("Discounts"),
        (
            "min_settlement_share",
            "min_settlement_share_instalments",
            "min_settlement_amount",
            "max_fee_waiver_share",
            "max_interest_waiver_share",
            "concession_pace",
        ),
    ),
    (
        N_("Instalment plans"),
        (
            "max_instalments",
            "max_term_days",
            "min_instalment",
            "min_first_payment_share",
            "min_first_payment_amount",
            "max_days_to_first_payment",
            "frequencies",
            "plan_interest",
        ),
    ),
    (N_("Delays and promises"), ("max_extension_days", "promise_max_days", "promise_min_share")),
)

PROBLEMS: Mapping[str, str] = {
    "limits.share_range": N_("Give a share from 0 to 100%%."),
    "limits.too_small": N_("At least %(least)s."),
    "limits.forgives_all": N_("0%% would forgive everything."),
    "limits.empty": N_("Choose at least one."),
    "limits.repeated": N_("Each only once."),
    "limits.beyond_term": N_("Longer than the longest term, %(most)s days."),
    "limits.legal_ceiling": N_("The law allows at most %(most)s (%(rule)s)."),
    "limits.unreadable": N_("This could not be read."),
    "limits.not_a_number": N_("Give a plain number."),
    "limits.not_whole": N_("Give a whole number."),
    "desk.amount": N_("Give a sum such as 800 or 1,250.50."),
    "desk.count": N_("Give a number of payments from 1 to 600."),
    "desk.date": N_("Give a date."),
    "desk.total": N_("Give a sum that is not above what is owed."),
    "desk.no_plan": N_("These numbers make no plan. Change the sum, the number or the date."),
    "desk.no_limits": N_("There are no limits for this market, so no plan can be made."),
    "desk.reason": N_("Say why, so that whoever decides can see it."),
}

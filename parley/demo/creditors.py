"""How the demo's creditors are reached and paid, and when their people are there."""

from collections.abc import Mapping

from core.actions import creditors
from core.actions.creditors import Details
from core.work import Works

CREDITORS: Mapping[str, Details] = {
    "Harbour Bank": Details(
        hours="Mon-Fri 08:00-20:00; Sat 09:00-17:00",
        time_zone="America/New_York",
        pay_ways={
            "en": "by bank transfer to Harbour Bank, account 0001 2200, or by debit card on its official telephone",
            "zh": "银行转账至Harbour Bank账户0001 2200，或拨打官方电话用借记卡支付",
        },
    ),
    "海港银行": Details(
        hours="Mon-Fri 08:30-20:00; Sat-Sun 09:00-18:00",
        time_zone="Asia/Shanghai",
        pay_ways={
            "zh": "在海港银行手机银行的“我要还款”里支付，或转账至您的还款账户",
            "en": "in the Harbour Bank (海港银行) app under “Repay”, or by transfer to your repayment account",
        },
    ),
    "Northgate Bank": Details(
        hours="Mon-Fri 08:00-19:00; Sat 09:00-16:00",
        time_zone="Europe/London",
        pay_ways={
            "en": "by bank transfer to Northgate Bank, sort code 00-00-01, account 00220011",
            "zh": "银行转账至Northgate Bank，sort code 00-00-01，账户00220011",
        },
    ),
}


async def describe_creditors(works: Works) -> None:
    """Store it, after the portfolio has made the creditors."""
    for name, details in CREDITORS.items():
        async with works.begin() as work:
            creditor_id = await creditors.creditor_named(work.session, name)
            await creditors.describe(work, "operator", creditor_id, details)

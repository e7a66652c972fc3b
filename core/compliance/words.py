"""Words that no message may use, in Chinese and English, whatever language it says it is in.

A statement that the thing will not happen ("您不会因此坐牢", "you will not be arrested") is no threat and passes.
"""

import re
import unicodedata
from collections.abc import Iterator

from core.compliance.draft import Reason
from core.compliance.lexicon import LEXICON, Ban

_INVISIBLE = dict.fromkeys([0x00AD, 0x034F, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
_TRADITIONAL = str.maketrans(
    "來係們債內凍別則務單執報壓媽學導師帳廢張強後從徵恥惡應會東構機檢權毀決滾無現癡發筆約結絕給網繫羣聯臉藉裏裝裡見親訊訴詐變負責貸賣賤賬賴車轟這連違還邊鄰錄錢門響須領願飯馬騙點",
    "来系们债内冻别则务单执报压妈学导师账废张强后从征耻恶应会东构机检权毁决滚无现痴发笔约结绝给网系群联脸借里装里见亲讯诉诈变负责贷卖贱账赖车轰这连违还边邻录钱门响须领愿饭马骗点",
)
_BETWEEN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])[\s*·•._~|/\\\-]+(?=[\u4e00-\u9fff])")
_NOT_ZH = re.compile(
    r"(?:不会|不能|不得|不可能|绝不|决不|不应|不可以|无权|从不)(?!想|希望|愿)[^,，。.！!？?；;\n]{0,8}$"
)
_NOT_EN = re.compile(
    r"(?:won't|will not|wouldn't|cannot|can't|can not|never|do not|don't|does not|doesn't|not|nobody|no one)"
    r"(?:\s+(?:be|get|go|going|to|lead|mean|result|in|contact|tell|call|ever|also|the|your|anyone|for|a|can|will"
    r"|able|have)){0,6}\s*$"
)
_DEBT = re.compile(
    r"[¥￥$£€]\s?\d|\d[\d,.]*\s?(?:元|块|万|美元|英镑|usd|cny|gbp|dollars?|pounds?|yuan)"
    r"|欠款|债|逾期|还款|分期|账单|贷款|欠了|欠着|利息|违约金"
    r"|\b(?:debts?|owe[ds]?|owing|balance|overdue|past due|arrears|repay\w*|instal?lments?|loans?|settle\w*)\b"
    r"|\bcredit card\b"
)

_HINTS = re.compile(
    r"欠|债|逾期|还款|还钱|账单|分期|贷款|付款|本金|利息|催|金额"
    r"|\b(?:debts?|owe[ds]?|owing|overdue|arrears|balance|repay\w*|instal?ments?|loans?|pay|paid|payments?|interest)\b",
    re.IGNORECASE,
)
_PRESSES = re.compile(
    r"!!|！！|\b(?:immediately|urgent|asap|must pay|ashamed)\b|马上还|立即|尽快还|务必|后果|羞", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text as it is searched: width, case, invisible characters and tricks of spacing taken out."""
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold().translate(_TRADITIONAL)
    return _BETWEEN_CHINESE.sub("", folded.replace("\u2019", "'"))


def banned(text: str, market: str, language: str) -> Iterator[Reason]:
    """A reason for each kind of forbidden wording, with what could be said instead where there is such a thing."""
    searched = plain(text)
    for ban in LEXICON:
        rule = ban.rules.get(market)
        found = _found(ban, searched) if rule else None
        if rule and found:
            data = {"words": found}
            instead = ban.instead.get("zh" if language == "zh" else "en")
            yield Reason(rule, f"compliance.{ban.name}", data | ({"instead": instead} if instead else {}))


def insults(text: str) -> bool:
    """Whether the text is insulting, whoever wrote it."""
    return any(ban.name == "insult" and _found(ban, plain(text)) is not None for ban in LEXICON)


def speaks_of_debt(text: str) -> bool:
    """Whether a person's own words say something of a debt: a sum, or one of its words."""
    return _DEBT.search(plain(text)) is not None


def hints_at_debt(text: str) -> bool:
    """Whether a reviewed text could tell a stranger that somebody owes something; stricter than `speaks_of_debt`."""
    return speaks_of_debt(text) or _HINTS.search(text) is not None


def presses(text: str) -> str | None:
    """What in a reviewed text shouts or presses; None where nothing does."""
    found = _PRESSES.search(text)
    return found.group() if found else None


def _found(ban: Ban, searched: str) -> str | None:
    for match in ban.pattern.finditer(searched):
        before = searched[: match.start()]
        if not (_NOT_ZH.search(before) or _NOT_EN.search(before)):
            return match.group()
    return None

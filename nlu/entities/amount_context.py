"""What stands around a bare number and tells money from counts, ages, years, scores and clock times."""

import re
from decimal import Decimal

from nlu.entities.text import regex

_MEASURE_ZH = regex(
    r"^\s*(?:多|来|几|余)?(?:个|次|天|日|号|月|年|期|岁|点|分(?!期|[\x00\d一二两三四五六七八九十半]|成|开"
    r"|月|批|几)|秒|小时|钟头|位|张|家(?!里|用|人)|人|笔|遍|楼|层|栋|室|倍|成(?![不吗么吧嘛啊呗否,，?？]|$)|折|套|种|件|条|名|口|周"
    r"|星期|礼拜|度|级|届|斤|公里|米|平(?!台|时|均|常)|路|街|省(?!着|下|吃)"
    r"|频|通(?!过)|封(?!顶)|回(?!复|来|去)|辆|只(?!能|有|要|够|是)|头|顿|句|部(?!分)|台|本(?!金|月|周)"
    r"|场|道|字|页|班|代(?!扣|还)|后(?=[生的人])|%|％|里路|克|公斤|吨|毫|亩|颗|片|瓶|杯|刀切|比|胎|孩|娃"
    r"|宝|卡(?!里|上|内)|把年纪|会儿|点点|堆|个点)"
)
_LEFT_ZH = regex(
    r"(?:第|逾期|晚了|号码|工号|编号|评分|征信分|信用分|分数|得分|年龄|房号|门牌|血压|血糖|体重|身高|楼"
    r"|拨打|拨|热线|条款?|约定|密码|验证码|版本|邮编|栋|幢|单元|楼|室|QQ|qq|微信|vx|群)(?:是|:|为|\s)*$"
)
_RATE_LEFT = regex(r"年化|利率|费率|\birr\b|\bapr\b")
_AGE_LEFT = regex(
    r"(?:今年|都快|岁数|快|满)\s*(?:都|已经|快|才)?$|\b(?:i'?m|im|i\s+am|he'?s|she'?s|is\s+only|aged?|turned"
    r"|turning|age\s+of)\s+(?:only\s+|nearly\s+|almost\s+|now\s+)?$"
)
_YEAR_LEFT = regex(
    r"(?:\b(?:in|since|from|until|till|year|of|back\s+in|during|by|before|after|around|circa|for|may|march"
    r"|end\s+of)|[到从在自])\s*$"
)
_LEFT_EN = regex(
    r"(?:\b(?:option|plan|number|no\.?|flat|apt|apartment|unit|room|house|ref|reference|account|acct"
    r"|card|ending|postcode|zip|page|clause|section|step|case|invoice|article|form"
    r"|chapter|score(?:\s+(?:is|of|was))?|fico|credit\s+score\s+\w+|version|error(?:\s+code)?|code|level"
    r"|grade|route|highway|route|bus|gate|pin|otp|suite|box|top|agent|id|act|size|iphone|windows"
    r"|at\s+number|stage|phase)|#)\s*:?\s*$"
)
_NEXT_OK = regex(
    r"^(?:a|an|per|each|every|evry|p|now|today|tonight|tomorrow|this|next|on|by|for|and|but|or|to|is|was"
    r"|if|i|i'm|im|i'll|ill|from|starting|starts?|then|max|maximum|tops|right|maybe|until|till|til|left"
    r"|of|in|at|would|should"
    r"|please|pls|plz|monthly|weekly|fortnightly|biweekly|daily|instead|first|upfront|up|down|off|total"
    r"|totally|once|twice|the|with|without|because|cause|cos|cuz|since|when|as|so|only|ok|okay|ish"
    r"|minimum|min|straight|again|also|not|no|yes"
    r"|yeah|yep|lol|that|that's|thats|it|it's|its|my|we|you|they|he|she|every|back|extra|more|less"
    r"|altogether|flat|even|exactly|plus|thanks|thank|cheers|asap|immediately|will|can|could|might|may"
    r"|works|work|sounds?|seems?|full|give|take|lump|feels|has|had|have|goes|go"
    r"|owed|owing|outstanding|balance|rent|mortgage|salary|wages?|pay|income|net|gross|take|after|before"
    r"|food|groceries|utilities|phone|internet|broadband|insurance|meds|medicines?|daycare|nursery|loans?|petrol|fuel|school|transport|travel|water|heating|subscriptions|bills?|childcare|car|gas|electric|electricity|council|tax|savings?|deposit"
    r"|settlement|payment|instal?lment|cash|just|over"
    r"|out|into|toward|towards|against|like|about|around|or|too|though|tho|anyway|either|due|fee|fees"
    r"|charge|charges|fine|penalty|late|interest|principal|loan|debt|budget|benefits?|pension|spare"
    r"|disposable|saved|worth|initially|up-front|rn|atm|pm|pcm"
    r"|pw|pa|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june"
    r"|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
    r"|needs?|turns?|turned|turning|became|becomes?|drops?|dropped|went|were|are|across|between|among|through|onto|than|behind|under|above|within|during|throughout|after"
    r"|gets?|means|something|quarterly|yearly|annually|all|us|most|least|eom|less|odd|given|because|all"
    r"|until|unless|while|while|per|which|comes|came|went|bonus|discount|refund|limit|ea|minus|plan|lump"
    r"|one-off|paid|each|lower|higher|still|offer|there|here|max\.?|does|doesn't|isn't|won't|wont|r|be"
    r"|been)\b"
)
_NOT_NEXT = regex(
    r"^(?:of\s+(?:us|them|you|those|these|the\s+(?:calls|texts|emails|letters))|or\s+(?:so\s+)?(?:times|days"
    r"|weeks)|and\s+a\s+half\s+(?:months|years|weeks|days)|more\s+(?:days|weeks|months|times|minutes))\b"
)
_COUNT_NOUN = regex(
    r"^(?:[a-z]{3,}(?<!s)s\b|people|percent|sq|square|kg|lbs?|mg|ml|cm|mm|ft|mph|gb|mb|cc|year|yr|month|week|day|hour|hr"
    r"|minute|min|mile|page|word|point|degree|person|man|men|women|kid|child|children|different|other|character|x\b|st\b"
    r"|nd\b|rd\b|th\b|(?:[a-z]+\s+){1,2}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way|place|crescent"
    r"|blvd)\b|bus|train|bedroom|bed|room|km|series|model)"
)
_SUMS_FROM = 50
"""A bare number from here on is a sum before any word but one that it counts."""
_PURPOSE_ZH = regex(r"^\s*(?:投诉|举报|报警|热线|上班|工作制|加班|电话)")
_COUNTED = regex(
    r"^(?:times?|percent|per\s+cent|miles|steps|calls|texts|emails|people|followers|days|weeks|months|years"
    r"|hours|minutes|things|reasons|points|words|customers|employees|km|run)\b"
)
_CUE_LEFT = regex(
    r"(?:\b(?:pay(?:ing|ments?)?|paid|do|afford|manage|offer|give|send|spare|put|settle|accept|only"
    r"|up\s+to|most|least|than|of|about|around|earn|make|owe|spend|get|have|got|maybe|for|is|was|to|just"
    r"|at|with|sent|down)|[还付给交出拿凑转打欠借挣赚剩多少到得了个就能有])\s*(?:you\s+|maybe\s+|like\s+"
    r"|about\s+|back\s+)?$"
)

_MORE_SAID = regex(r"[^\x00 ,，。.我就还只能每月个a-z]|[a-z]{5}")


def reads_as_money(
    before: str, after: str, value: Decimal, text: str, *, period: bool, cue_follows: bool, expected: bool, other: bool
) -> bool:
    """Whether a number without a currency is a sum.

    `period`: a rhythm governs it; `cue_follows`: one stands right after it; `expected`: a sum was asked for;
    `other`: something else was.
    """
    if after.startswith("点") and text.endswith(("多", "来")):
        after = ""
    if not period and value <= 52 and re.search(r"\b(?:day|week|month)\s*$", before):
        return False
    strong = bool(re.search(r"[kw,]$|[kw]\d?$|,\d{3}|hundred|thousand|grand", text))
    latin_cue = cue_follows and bool(re.match(r"\s?[a-z]", after))
    if (
        (not latin_cue and _is_measured(after, value, strong=strong))
        or _PURPOSE_ZH.match(after)
        or _RATE_LEFT.search(before)
        or _LEFT_ZH.search(before)
        or _LEFT_EN.search(before)
    ):
        return False
    plain = text.rstrip(" +多来几余把")
    digits = plain.replace(",", "")
    if digits.isdigit() and (digits[0] == "0" or len(digits) > 7) and not (expected and len(digits) < 10):
        return False
    if digits.isdigit() and len(digits) == 4 and 1900 <= value <= 2040 and _YEAR_LEFT.search(before) and not period:
        return False
    if 16 <= value <= 110 and re.search(r"(?:我|本人|老子|老娘)(?:都|也)?$", before) and after.startswith("了"):
        return False
    if not period and 10 <= value <= 110 and _AGE_LEFT.search(before) and not re.match(r"^\s*(?:块|元)", after):
        return False
    if value < 100 and re.search(r"\b(?:hours?|hrs|shifts?)\b.{0,24}$", before):
        return False
    if plain in ("a", "an") or (other and not period and not _CUE_LEFT.search(before)):
        return False
    if cue_follows or (period and value >= 5):
        return True
    if value < 10:
        return expected and not _MORE_SAID.search(before) and len(after.strip()) <= 4
    if value < 20:
        return bool(_CUE_LEFT.search(before)) or expected
    return True


def _is_measured(after: str, value: Decimal, *, strong: bool) -> bool:
    """Whether what follows is a measure word, a unit or a noun that the number counts."""
    if not after:
        return False
    if _MEASURE_ZH.match(after):
        return True
    if re.match(r"^(?:[:/%°]|\s*%|\.\d|[a-z]?\d)", after):
        return not re.match(r"^/\s?(?:m|w|day|mo|month|wk|week|year|yr|个?月|周|天|年|fortnight)", after)
    word = re.match(r"^[\s-]?([a-z]['a-z.-]*)", after)
    if not word:
        return False
    rest = after.lstrip(" -")
    if strong:
        return bool(_COUNTED.match(rest))
    if _NOT_NEXT.match(rest):
        return True
    return not _NEXT_OK.match(rest) and (value < _SUMS_FROM or bool(_COUNT_NOUN.match(rest)))

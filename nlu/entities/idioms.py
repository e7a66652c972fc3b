"""Sayings that hold a number and name none: 九牛一毛, 万一, 24/7, "not a penny"."""

from nlu.entities.spans import Scene
from nlu.entities.text import regex

_SAYING = regex(
    r"一时半[会刻]|半信半疑|[七八]七八八|九牛一毛|三年五载|三天打[鱼渔]两天晒网|一年到头|说一千道一万|十(?:期|天|次|个月)八(?:期|天|次|个月)|一年半载(?=[也都]?[没不])"
    r"|第[一二三四五六七八九十\d]+条第[一二三四五六七八九十\d]+款|百分之百(?=的?(?:会|能|要|是|不|想|肯定|确定|相信|把握|诚))"
    r"|一天到晚|三更半夜|五花八门|四面八方|五湖四海|乱七八糟|七上八下|三番[五两]次|隔三[差岔]五|十有八九|一五一十"
    r"|\b24\s?[/x-]\s?7\b|\b50\s?[/-]\s?50\b|\bfifty[\s-]fifty\b|\b9-1-1\b|\b20/20\b|\ba\s+dollar\s+short\s+and\s+a\s+day\s+late\b|\b(?:1|one)\s+in\s+a\s+(?:million|thousand|hundred)\b|\b1st\s+of\s+all\b"
)
_FAREWELL = regex(r"\W*(?:88|886|拜拜88)\W*$")
_MONEY_IDIOM = regex(
    r"(?<!\d)(?:[5-9]0|00)后(?!天)|(?<!\d)(?:985|211)(?=毕业|大学|院校|学历|的)|(?<!\d)618(?=大促|囤|买|活动|那|的时候)"
    r"|[二三四五六七]十(?:好几|多|来)(?:岁?的人|岁)|一(?:分|毛|块|角|厘|个子儿)钱?(?=(?:都|也|没|不))|(?<=没)有?一(?:分|毛|块|角)钱?|[没不][^,，。！!？?]{1,9}一(?:分|毛)钱|(?<=无)一?分文"
    r"|一分一毫|一分钱一分货|(?<![\d一二两三四五六七八九十百千])万一|一(?:定|样|起|共|切|生|会|些|般|直|旦|致|向|下|点|边|面|时|律|概|再|同"
    r"|块儿?(?=去|来|还|走)|次性)|一毛不拔|分分钟"
    r"|千万(?=[别不要记])|十万火急|一五一十|千方百计|三天两头|乱七八糟|七上八下|百分百|十有八九"
    r"|二百五(?=$|[，。！!?？])(?<=[个是你]二百五)|一时半会|三三两两|[一二]来二?去|一百个不|一万个"
    r"|\b(?:not|n't|no|without|haven'?t|hasn'?t|don'?t\s+have|dont\s+have|never|nor|every"
    r"|down\s+to\s+my)\s+(?:have\s+|got\s+|even\s+|owe\s+(?:you\s+)?|a\s+|an\s+|one\s+|single\s+"
    r"|another\s+|last\s+|red\s+|pay\s+(?:you\s+)?|to\s+my\s+name\s+)*(?:cents?|penny|pennies|dime"
    r"|dollar|pound|quid|buck)\b(?!\s+(?:more|over|above|less|under))"
    r"|\bone\s+(?:moment|second|sec|minute|min|day|thing|more|time)\b|\bthanks?\s+a\s+million\b|\b(?:a"
    r"|one)\s+million\s+times\b|\b401\s?\(?k\)?|\b403b\b|\b24/7\b|\b(?:form\s+)?1099s?\b|\bw-?2s?\b"
    r"|\bcovid-?19\b"
    r"|\bchapter\s+(?:7|11|13|seven|eleven|thirteen)\b|\b9-?1-?1\b|\b(?:call|ring|dial|text|打"
    r"|拨)\s*(?:999|911|988|112|111|101|110|120|119)(?!\d|元|块)"
)


def mask_sayings(scene: Scene) -> None:
    """Take the sayings that dates, times, shares or counts would be read into. Runs first."""
    for match in _SAYING.finditer(scene.view):
        scene.mask(*match.span())


def mask_money_idioms(scene: Scene) -> None:
    """Take the turns of phrase that only sums would be read into."""
    if scene.context.expecting is None and _FAREWELL.match(scene.view):
        scene.mask(0, len(scene.view))
    for match in _MONEY_IDIOM.finditer(scene.view):
        scene.mask(*match.span())

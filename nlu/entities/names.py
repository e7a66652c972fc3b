"""Names of people, as written, without title: 我叫张伟, 不认识李娜, "my name is Dana Reyes", "Mrs Okafor speaking"."""

from nlu.entities.spans import Scene
from nlu.entities.text import regex

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳"
    "翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳"
    "时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖"
)
_DOUBLE = "欧阳|上官|司马|诸葛|司徒|皇甫|令狐|慕容|夏侯|尉迟|东方|端木|公孙"
_HAN = r"[\u4e00-\u9fff]"
_BOUNDARY = (
    r"(?=$|[^\u4e00-\u9fff]|先生|女士|小姐|本人|吗|吧|啊|呢|呀|哦|的|已经|是我|是他|他|她|是她|，|这个人|这人"
    r"|了|不在|不住|欠|去世|过世|走了|打来|在吗|没|给|也|都|早)"
)
_NAME_ZH = rf"(?P<name>阿(?![姨公婆爸妈伯]){_HAN}|(?:{_DOUBLE}){_HAN}{{1,2}}?|[{_SURNAMES}]{_HAN}{{1,2}}?)"
_SURE_ZH = regex(
    rf"(?:我叫|姓.[,，]?名?叫|名叫|叫做|姓名(?:是|叫|:)?|名字(?:是|叫|:)?|不叫|户名(?:是|:)?|(?:老公|老婆|丈夫|妻子|爱人"
    rf"|儿子|女儿|父亲|母亲|他|她|机主|本人)叫)\s*{_NAME_ZH}{_BOUNDARY}"
)
_SURNAME_ZH = regex(rf"(?:我|免贵)姓(?!.{{1,2}}[,，]?名?叫)(?P<name>{_DOUBLE}|[{_SURNAMES}]){_BOUNDARY}")
_LIKELY_ZH = regex(
    rf"(?:(?:这里|这儿|这边|我们这|这)没有?|我就?是|不是|是不是|不认识|认识|没有?叫|个叫|我姓|姓|我是|(?:老公|老婆|丈夫|妻子|妈妈|爸爸|儿子"
    rf"|女儿|同事)|这里是|本人|您好是|找)\s*{_NAME_ZH}{_BOUNDARY}"
)
_SUBJECT_ZH = regex(
    rf"(?:^|[，。,！!？?\s]){_NAME_ZH}(?=(?:是我(?:爸|妈|老公|老婆|儿子|女儿|哥|弟|姐|妹|丈夫|妻子|朋友|同事"
    rf"|爱人|前夫|前妻)|去世|过世|已经?去世|已经?不在|不在(?:家|这)|不住))"
)
_TITLED_ZH = regex(
    rf"(?<!{_HAN})(?P<name>[{_SURNAMES}]{_HAN}{{0,2}}?)(?=先生|女士|小姐|律师|经理|主任|太太|阿姨|叔叔)|(?:是"
    rf"|找|叫|姓)(?P<name2>[{_SURNAMES}](?:{_HAN}{{0,2}}?))(?=先生|女士|小姐|律师|经理|主任|太太)"
)
_NOT_NAMES = regex(
    r"^(?:高兴|方便|方法|方案|平台|花呗|白条|任何|时间|时候|何时|金额|全部|全额|和你|和我|应该|易|安全"
    r"|向你|常常|成功|都|路过|于是|解释|解决|司机|古人|单身|师傅|包括|游戏|康复|文件|文化|石头|万一|毛病"
    r"|钱|"
    r"段时间|周[一二三四五六日末]|季度|时|孔|连|申请|单|关于|和|向|应|应该|管|全|方|文|车贷|房贷|房租|米"
    r"|马上|高利|金融|安|温|白|甘|成|费|费用|龙|边|商|商量|商家|党|师|农民|成年|平|年|任|席|路|车|项|常"
    r"|古|武汉|严重|沙|何|何况|雷|"
    r"陆续|向|钱的|毕业|简单|全家|应付|温馨|万分|余额|季|路人|华|项目|关|时常|于|成心|管家|车|安心|麦"
    r"|单亲|单位|解放|房东|房子|金|符合|欧|游|费|宁|宁愿|毛|史|和平|和谈|许多|石|章|盛|童|景|冷|冷静"
    r"|连累|连续|连|司|路上|农行|华为|招|交|华夏|江苏|江西|温州|安徽|方便|安排|于|任性|钱不|成都|房|管理"
    r"|解|包|关机)"
)
_CAP = r"[A-Z][a-z]+(?:[-'][A-Z]?[a-z]+)?|[A-Z]{2,}|Mc[A-Z][a-z]+|O'[A-Z][a-z]+"
_FULL = rf"(?:{_CAP})(?:\s+(?:[A-Z]\.?\s+)?(?:(?:de|van|der|von|la|bin|al)\s+)?(?:{_CAP})){{0,2}}"
_TWO = rf"(?:{_CAP})(?:\s+[A-Z]\.?)?\s+(?:{_CAP})(?:\s+(?:{_CAP}))?"
_EN = (
    regex(
        rf"(?i:\b(?:my\s+name'?s|my\s+name\s+is|my\s+names|name\s+is|name's|name:|i'm\s+called"
        rf"|i\s+am\s+called|called|named))\s+(?P<name>{_FULL})\b"
    ),
    regex(
        rf"(?i:\b(?:this\s+is|it's|its|i'm|i\s+am|im|i'm\s+not|i\s+am\s+not|im\s+not|not|speaking\s+(?:to|with)"
        rf"|speak\s+(?:to|with)|looking\s+for|ask(?:ing)?\s+for|don't\s+know\s+(?:any|a)?|for"
        rf"|no\s+one\s+called|about|regarding|re|reach|contact))\s+(?P<name>{_TWO})\b"
    ),
    regex(
        rf"(?i:\b(?:i'?m|i\s+am|this\s+is))\s+(?P<name>{_CAP})(?='s\s+(?:mum|mom|mother|dad|father|wife"
        rf"|husband|partner|son|daughter|sister|brother|friend|carer|landlord|boss|colleague|neighbou?r)"
        rf"|\s+(?:here|speaking)\b)"
    ),
    regex(
        rf"(?i:\b(?:his|her|my|their|the)\s+(?:wife|husband|partner|son|daughter|mum|mom|mother|dad|father|brother"
        rf"|sister|friend|carer|boss|landlord|colleague|neighbou?r)),?\s+(?P<name>{_CAP}(?:\s+(?:{_CAP}))?)"
        rf"(?=\s*(?:[.,!?]|$|\s(?:here|speaking)\b))"
    ),
    regex(
        rf"(?i:\b(?:lawyer|attorney|solicitor|wife|husband|partner|son|daughter|mother|mom|mum|father|dad|brother|sister"
        rf"|boss|manager|carer|agent)(?:'s\s+name)?\s+is)\s+(?P<name>{_TWO})\b"
    ),
    regex(rf"^\W*(?i:it'?s|im|i'm)\s+(?P<name>{_CAP})(?=\s*(?:[.,!]|$))"),
    regex(rf"^\W*(?P<name>{_CAP})(?=\s+(?:here|speaking)\b)"),
    regex(rf"\b(?i:mr|mrs|ms|miss|dr|mx|sir)\b\.?\s+(?P<name>{_FULL})\b"),
    regex(
        rf"(?P<name>{_TWO})(?=\s+(?:here|speaking|passed\s+away|died|has\s+died|doesn't\s+live|no\s+longer"
        rf"|is\s+dead|is\s+my|is\s+not|isn't|moved|has\s+moved)\b|'s\s+(?:phone|number|wife|husband|mother"
        rf"|mum|mom|father|dad|sister|brother|son|daughter))"
    ),
    regex(rf"(?i:\b(?:yes|yeah|hi|hello|yep)[\s,]+(?:this\s+is|it's|i'm|i\s+am))\s+(?P<name>{_FULL})\b"),
    regex(
        rf"(?i:\b(?:this\s+is|i'?m\s+not|i\s+am\s+not|there\s+is\s+no|there's\s+no|no\s+one\s+called"
        rf"|nobody\s+called|don't\s+know\s+(?:any|a)|this\s+isn't"
        rf"|this\s+is\s+not))\s+(?P<name>{_CAP})(?=\s*(?:[.,!?]|$|\s(?:here|at\s+this|on\s+this|and|but"
        rf"|anymore)))"
    ),
)
_LOWER_EN = regex(
    r"\b(?:my\s+name\s+is|my\s+name'?s|my\s+names)\s+(?P<name>(?!(?:spel\w+|misspel\w+|wrong\w*|on|not|in|off|still|being|too|right|correct|down|different)\b)[a-z][a-z'-]{1,20}(?:\s+(?!and\b|but\b|i\b"
    r"|im\b|here\b|the\b|from\b|not\b|my\b|on\b|with\b)[a-z][a-z'-]{1,20})?)"
)
_NOT_EN = regex(
    r"^(?:(?!King|Sterl|Flem|Herr)[A-Z][a-z]*ing|The|This|That|My|Not|No|Yes|I|It|You|We|He|She|They"
    r"|STOP|US|UK|USA|OK|Ok|Sorry|Sure|Just|Still|Only|Harbour|Harbor|Bank|Please|January|February|March"
    r"|April|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Universal|Social|Citizens|Credit|Step"
    r"|National|Chapter|Christmas|WeChat|Alipay|PayPal|New|San|Los|Really|Very|So|Going|Unable"
    r"|Unemployed|Disabled|Happy|Trying|Lawyer|HSBC|IVA|DRO|CFPB|FCA|UC|PIP|NHS|Debt|Fair|Federal"
    r"|Supreme|Nobody|Noone|Anyone|Right|Over|Im|Who|Fine|Done|Okay|Black|Good|Bank|Everyone|Always|Covid|COVID|ID|Call|Text|Email)\b"
)


def find_names(scene: Scene) -> None:
    """Take people's names. English ones are found by their capitals, except straight after "my name is"."""
    view, text = scene.view, scene.text
    for pattern in (_SURE_ZH, _TITLED_ZH, _SURNAME_ZH, _LIKELY_ZH, _SUBJECT_ZH):
        for match in pattern.finditer(view):
            group = "name" if match["name"] else "name2"
            if _NOT_NAMES.match(match[group]) and pattern not in (_SURE_ZH, _SURNAME_ZH):
                continue
            _take(scene, *match.span(group))
    for pattern in _EN:
        for match in pattern.finditer(text[: len(view)]):
            if not any(_NOT_EN.match(word) for word in match["name"].split()):
                _take(scene, *match.span("name"))
    for match in _LOWER_EN.finditer(view):
        _take(scene, *match.span("name"))


def _take(scene: Scene, start: int, end: int) -> None:
    if scene.folded.startswith("'s", end - 2):
        end -= 2
    if start < end and scene.is_free(start, end):
        scene.take("name", {"value": scene.text[start:end]}, start, end)

"""Messages in a language that is neither Chinese nor English: heard as such, so that nobody is answered past."""

import re
from collections.abc import Mapping

_SCRIPTS = re.compile(
    r"[\u0370-\u03ff\u0400-\u04ff\u0590-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\uac00-\ud7af\u1100-\u11ff]"
)
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON: Mapping[str, frozenset[str]] = {
    "es": frozenset(
        "hola no hablo ingles inglés español quiero pagar pero tengo dinero ahora puedo puede mes por favor gracias "
        "entiendo ayuda cuanto cuánto debo la el los una mi que qué con para estoy trabajo señor usted semana".split()
    ),
    "pt": frozenset(
        "olá ola não nao falo inglês português quero pagar mas tenho dinheiro agora posso mês por favor obrigado "
        "entendo quanto devo uma meu minha que com para estou trabalho senhor você".split()
    ),
    "fr": frozenset(
        "bonjour je ne parle pas anglais français francais veux payer mais argent maintenant peux mois merci svp "
        "comprends combien dois une mon ma que avec pour suis travail est vous les des".split()
    ),
    "pl": frozenset(
        "nie rozumiem mówię mowie po angielsku polsku chcę chce zapłacić zaplacic ale mam pieniędzy pieniedzy teraz "
        "mogę moge miesiąc proszę prosze dziękuję dziekuje ile jestem czy jest pracy dzień dobry".split()
    ),
    "de": frozenset(
        "ich nicht kein spreche englisch deutsch möchte zahlen aber geld jetzt kann monat bitte danke verstehe "
        "wieviel schulde eine mein mit für bin arbeit und ist sie".split()
    ),
    "it": frozenset(
        "ciao non parlo inglese italiano voglio pagare ma soldi adesso posso mese grazie capisco quanto devo una mio "
        "con per sono lavoro che".split()
    ),
    "ro": frozenset(
        "nu vorbesc engleza română romana vreau să sa plătesc platesc dar am bani acum pot luna mulțumesc multumesc "
        "înțeleg inteleg cât cat datorez".split()
    ),
    "vi": frozenset("tôi toi không khong nói noi tiếng tieng anh việt muốn muon trả tra tiền tien hiểu hieu".split()),
    "tl": frozenset("hindi ako po ang ng magbabayad bayad pera wala salamat paano kailan utang naiintindihan".split()),
}
_ENGLISH = frozenset(
    "i you the a an to of and is are it my me in on for can do dont not have will pay this that with what how at be im "
    "was if or so but when get no".split()
)
_LEAST = 3
_CANNOT = re.compile(
    r"\b(?:don'?t|do not|can'?t|cannot|can not|no|not|little|bad|poor)\W+(?:\w+\W+){0,3}english\b"
    r"|\benglish (?:is )?(?:not|no|bad|poor)\b",
    re.IGNORECASE,
)


def is_third(text: str) -> bool:
    """Whether most of it is another language: its script, or three of its common words and hardly any English ones."""
    letters = sum(char.isalpha() for char in text)
    if not letters:
        return False
    if len(_SCRIPTS.findall(text)) * 2 > letters or len(_KANA.findall(text)) * 3 > letters:
        return True
    words = set(_WORD.findall(text.lower()))
    english = len(words & _ENGLISH)
    return any(len(words & common) >= _LEAST and len(words & common) > english for common in _COMMON.values())


def has_no_english(text: str) -> bool:
    """Whether the words, in English, say that the writer has none."""
    return bool(_CANNOT.search(text))

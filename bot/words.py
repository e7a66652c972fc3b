"""What the debtor's side says where there is no conversation to say it in, and what commands mean.

Nothing here may tell that there is a debt: whoever reads it has not been identified.
"""

from collections.abc import Mapping

from core.dialogue.understanding import Intent, Language, Understanding

__all__ = ["COMMANDS", "NOTICES", "Language", "commanded", "in_both", "language_of"]

NOTICES: Mapping[str, Mapping[Language, str]] = {
    "unknown_chat": {
        "zh": "您好！我是自动助手。我还不知道该为您办什么：请打开您收到的专属链接，再从那里开始对话。",
        "en": "Hello! I'm an automated assistant. I don't know yet what you need help with: please open the personal "
        "link that you received, and start from there.",
    },
    "unknown_link": {
        "zh": "这个链接打不开，可能没有复制完整。请再点一次您收到的链接，"
        "或者按官方渠道联系发给您链接的机构，要一个新的。",
        "en": "This link doesn't open anything; it may not have been copied in full. Please try the link you received "
        "again, or ask the organisation that sent it, through its official channels, for a new one.",
    },
    "expired_link": {
        "zh": "为了保护您的隐私，这个链接已经过期。请按官方渠道联系发给您链接的机构，要一个新的，打开就能接着聊。",
        "en": "To protect your privacy, this link has expired. Please ask the organisation that sent it, through its "
        "official channels, for a new one, and you can carry on from there.",
    },
    "unknown_paper": {
        "zh": "这个地址没有协议，可能没有复制完整。请从对话里再点一次链接。",
        "en": "There is no agreement at this address; it may not have been copied in full. Please use the link in your "
        "chat again.",
    },
    "private_only": {
        "zh": "为了保护您的隐私，我只在私聊里回复，不在群里说话。",
        "en": "To protect your privacy I only talk in private chats, never in groups.",
    },
    "too_long": {
        "zh": "这条消息太长了（最多4096字）。请分成几条发送，内容还在输入框里。",
        "en": "This message is too long (4,096 characters at most). Please send it in parts; it is still in the box.",
    },
    "too_many": {
        "zh": "消息有点快，我跟不上了。请稍等几秒再发，内容还在输入框里。",
        "en": "That's a little fast for me. Please wait a few seconds and send it again; it is still in the box.",
    },
    "unavailable": {
        "zh": "系统暂时连不上。请过一会儿再试，已经发出的内容不会丢。",
        "en": "We can't reach our records right now. Please try again in a moment; nothing that was sent is lost.",
    },
    "file_refused": {
        "zh": "这个文件我收不了。可以发图片（JPG、PNG、WebP）或PDF，最大10 MB。",
        "en": "I can't take this file. Pictures (JPG, PNG, WebP) and PDF files up to 10 MB work.",
    },
}

COMMANDS: Mapping[str, Mapping[Language, str]] = {
    "help": {"zh": "我能帮您做什么", "en": "What I can help with"},
    "agent": {"zh": "转人工", "en": "Talk to a person"},
    "stop": {"zh": "不再给我发消息", "en": "Stop messages"},
    "language": {"zh": "Switch to English", "en": "切换到中文"},
}
"""The menu of commands, and how it is described."""

_MEANT: Mapping[str, str] = {
    "help": "help",
    "start": "greet",
    "agent": "talk_to_human",
    "human": "talk_to_human",
    "stop": "stop_contact",
    "language": "change_language",
}


def language_of(code: str | None) -> Language:
    """The language of texts for this language code: Chinese for zh-*, English for any other."""
    return "zh" if (code or "").lower().startswith("zh") else "en"


def in_both(key: str, first: Language = "zh") -> str:
    """A notice in both languages, for somebody whose language nobody knows."""
    other: Language = "en" if first == "zh" else "zh"
    return f"{NOTICES[key][first]}\n\n{NOTICES[key][other]}"


def commanded(text: str, language: Language) -> Understanding | None:
    """What a command means, certainly; None for any other text, a command followed by words included."""
    if not text.startswith("/"):
        return None
    intent = _MEANT.get(text[1:].strip().partition("@")[0].lower())
    return None if intent is None else Understanding(language, (Intent(intent, 1.0),), engine="command", version="1")

"""What the debtor's side says where there is no conversation to say it in, and the words that commands stand for.

Nothing here may tell that there is a debt: whoever reads it has not been identified.
"""

from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]

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
    "file_refused": {
        "zh": "这个文件我收不了。可以发图片（JPG、PNG、WebP）或PDF，最大10 MB。",
        "en": "I can't take this file. Pictures (JPG, PNG, WebP) and PDF files up to 10 MB work.",
    },
}

COMMANDS: Mapping[str, Mapping[Language, str]] = {
    "help": {"zh": "我能帮您做什么", "en": "What I can help with"},
    "agent": {"zh": "转人工", "en": "Talk to a person"},
    "language": {"zh": "Switch to English", "en": "切换到中文"},
}
"""The menu of commands, and how it is described."""

_MEANT: Mapping[str, Mapping[Language, str]] = {
    "help": {"zh": "帮助", "en": "help"},
    "start": {"zh": "您好", "en": "hello"},
    "agent": {"zh": "转人工", "en": "I want to talk to a person"},
    "human": {"zh": "转人工", "en": "I want to talk to a person"},
    "stop": {"zh": "别再给我发消息了", "en": "stop messaging me"},
    "language": {"zh": "English please", "en": "请说中文"},
}


def language_of(code: str | None) -> Language:
    """The language of texts for this language code: Chinese for zh-*, English for any other."""
    return "zh" if (code or "").lower().startswith("zh") else "en"


def in_both(key: str, first: Language = "zh") -> str:
    """A notice in both languages, for somebody whose language nobody knows."""
    other: Language = "en" if first == "zh" else "zh"
    return f"{NOTICES[key][first]}\n\n{NOTICES[key][other]}"


def meant_by(text: str, language: Language) -> str:
    """What a command says in plain words, in the conversation's language; any other text is what it is."""
    if not text.startswith("/"):
        return text
    command, _, rest = text[1:].partition(" ")
    words = _MEANT.get(command.partition("@")[0].lower())
    return words[language] if words is not None and not rest.strip() else text

"""What could be said instead of refused words: for each rule about words a reviewed sentence in both languages.

Each passes the review itself, names no sum and asks for no money, so that it may be used whatever the case carries.
Rules about when and whether to write have none: nothing said otherwise would be allowed.
"""

from collections.abc import Mapping

from core.compliance.draft import Reason

ALTERNATIVES: Mapping[str, Mapping[str, str]] = {
    "compliance.others": {
        "en": "This stays between you and us. What would help you?",
        "zh": "这件事我们只和您本人沟通。您看我能帮您做点什么？",
    },
    "compliance.visit": {
        "en": "We can sort everything out here in writing. When would it suit you to go on?",
        "zh": "我们在这里书面沟通就可以。您看什么时候方便继续聊？",
    },
    "compliance.insult": {
        "en": "I understand that this is upsetting. Let's look at what can be done.",
        "zh": "我理解您的心情，我们一起看看能怎么办。",
    },
    "compliance.authority": {
        "en": "I belong to the team that is writing to you, and I'll gladly tell you how to check who we are.",
        "zh": "我是负责和您沟通的工作人员，您可以通过官方渠道核实我们的身份。",
    },
    "compliance.pressing_style": {
        "en": "I'd like to find a way with you that you can keep up.",
        "zh": "我想和您一起商量一个您负担得起的办法。",
    },
    "compliance.not_verified": {
        "en": "Before we go on I need to check that it's you. What is your date of birth?",
        "zh": "继续之前，我需要先核对一下是您本人。请问您的出生日期是哪天？",
    },
    "compliance.no_debt_talk": {
        "en": "How are you, and is there anything that I can do for you?",
        "zh": "您现在怎么样？有什么我能帮您的吗？",
    },
    "compliance.unknown_sum": {
        "en": "I'll work that out and send you the exact figures here.",
        "zh": "我算清楚以后，把准确的数字发到这里给您。",
    },
}
"""By the key of the reason, for reasons that carry no wording of their own."""


def instead_of(reason: Reason, language: str) -> str:
    """A wording that may be used in place of what this reason is about; empty where nothing may be said at all."""
    own = ALTERNATIVES.get(reason.message_key)
    if own is not None:
        return own["zh" if language == "zh" else "en"]
    return reason.data.get("instead", "")

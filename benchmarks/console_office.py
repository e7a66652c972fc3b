"""A large office for measurements: as many conversations as asked for, with their people, messages, flags and team.

It is written by the server itself from series of numbers, the same every time, in about a minute for 100,000. A person
in five writes Chinese. Two conversations in a hundred wait in the queue, sixty agents hold forty each, a fifth have
ended, and the assistant looks after the others.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from core.dialogue.flags import GRAVITY

AGENTS = 60
HELD_EACH = 40
MESSAGES = 6
PASSWORD_HASH = "measured"  # noqa: S105  no password opens it: the sessions are made directly

ENGLISH = (
    "Hello, I got your letter about my card",
    "My hours were cut and I take home 1,850 a month now",
    "I can pay 120 on the fifteenth, not more",
    "Could you waive the late fee this time?",
    "I would rather speak to a person please",
    "I already paid 300 by direct debit last week",
    "The balance you quote is wrong, I dispute it",
    "My husband is in hospital and I cannot think about this today",
    "What happens if I miss one instalment?",
    "Please send me the agreement by post",
    "Is there an address of the ombudsman?",
    "Thank you, that would help a lot",
)
CHINESE = (
    "你好，我收到你们的短信了",
    "我现在每个月工资只有六千块",
    "每个月还五百可以吗",
    "能不能把罚息减免一下",
    "我想跟人工客服谈",
    "上周已经转账还了两千",
    "这个金额不对，我有异议",
    "我妈妈住院了，最近压力很大",
    "如果晚还一期会怎么样",
    "请把合同寄给我看一下",
    "我下个月十五号发工资",
    "谢谢，这样可以",
)
RARE = ("chrysanthemum", "Sheffield", "redundancy", "赡养费", "化疗", "拆迁款")
FIRST = ("Dana", "Tom", "Priya", "Marcus", "Sofia", "Owen", "Grace", "Liam", "Aisha", "Noah")
LAST = ("Reyes", "Hargreaves", "Nair", "Lee", "Alvarez", "Price", "Okafor", "Walsh", "Begum", "Novak", "Hill", "Stone")
SURNAMES = ("王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "林", "徐")
GIVEN = ("建国", "秀梅", "思远", "婷", "晓东", "丽华", "子涵", "志强", "海燕", "文博")
FLAGS = ("hardship", "dispute", "vulnerable", "complaint", "represented", "deceased", "abusive", "bankruptcy")

_FILL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class Size:
    """How large the office is."""

    conversations: int
    messages: int


def fill(url: str, many: int, now: datetime, memory: str = "{}") -> Size:
    """Writes the office into the migrated, empty PostgreSQL database at `url`; `now` is UTC."""
    values = {
        "many": many,
        "each": MESSAGES,
        "agents": AGENTS,
        "held": min(AGENTS * HELD_EACH, many // 10),
        "queued": many // 50,
        "now": now,
        "hash": PASSWORD_HASH,
        "memory": memory,
        "gravity": list(GRAVITY),
        "english": list(ENGLISH),
        "chinese": list(CHINESE),
        "rare": list(RARE),
        "first": list(FIRST),
        "last": list(LAST),
        "surnames": list(SURNAMES),
        "given": list(GIVEN),
        "flags": list(FLAGS),
    }
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = psycopg.ClientCursor(connection)
        for statement in _FILL.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                cursor.execute(statement.encode(), values)
        cursor.execute("VACUUM ANALYZE")
    return Size(many, many * MESSAGES)

"""What people said in the past, in both languages. `{facts}`, `{sum}`, `{day}` and `{agent}` are filled in."""

from collections.abc import Mapping

SAID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "hello": {
        "en": ("hi, you wrote to me?", "hello", "hi, what is this about"),
        "zh": ("你好", "你们找我什么事", "在吗"),
    },
    "owed": {
        "en": ("how much do i owe?", "what's the total now?", "can you tell me what's left to pay"),
        "zh": ("我一共欠多少？", "现在总共要还多少钱", "我还剩多少没还"),
    },
    "thanks": {
        "en": ("ok thanks, i'll think about it", "thanks, i need to check my account first"),
        "zh": ("好的，我考虑一下", "知道了，我先看看账户"),
    },
    "monthly": {
        "en": (
            "can i do {sum} a month from the {day}",
            "i can pay {sum} a month starting on the {day}",
            "{sum} monthly from the {day}?",
        ),
        "zh": ("每个月还{sum}，从{day}号开始，行吗", "我每月能还{sum}，{day}号开始", "每月{sum}可以吗，{day}号还"),
    },
    "weekly": {
        "en": ("i get paid weekly, {sum} a week is what i can do",),
        "zh": ("我每周发工资，每周还{sum}行不行",),
    },
    "yes": {
        "en": ("yes", "yes that works", "ok, agreed"),
        "zh": ("好的", "可以，同意", "行，就这样"),
    },
    "too_much": {
        "en": ("no, that's too much for me", "no i can't do that"),
        "zh": ("太多了，我还不起", "不行，太高了"),
    },
    "discount": {
        "en": (
            "if i pay everything today, can you take something off?",
            "what discount do i get for paying it all at once",
        ),
        "zh": ("我一次性还清能不能少一点", "一次结清有没有优惠"),
    },
    "promise": {
        "en": ("i'll pay the lot next friday", "i can pay all of it on friday"),
        "zh": ("下周五我全部还清", "这周五我一次还清"),
    },
    "wrong_person": {
        "en": ("wrong number, i don't know this person", "you've got the wrong person"),
        "zh": ("你们找错人了", "打错了，我不认识这个人"),
    },
    "stop": {
        "en": ("stop messaging me", "do not contact me again"),
        "zh": ("不要再联系我了", "别再给我发消息"),
    },
    "hardship": {
        "en": (
            "i lost my job last month and can't pay like before",
            "i've been off sick for weeks, there's hardly any money coming in",
        ),
        "zh": ("我上个月失业了，现在没有收入", "家里老人住院，最近实在拿不出钱"),
    },
    "dispute": {
        "en": ("this amount is wrong, i already paid part of it", "i don't recognise this charge, it's not mine"),
        "zh": ("金额不对，我上个月还过一笔", "这笔不是我消费的，我有异议"),
    },
    "person": {
        "en": ("can i talk to a real person please", "i'd rather speak to somebody"),
        "zh": ("转人工", "我想找个人工客服"),
    },
    "complaint": {
        "en": (
            "i want to make a complaint, your colleague called my workplace",
            "i'm filing a complaint about how often you write",
        ),
        "zh": ("我要投诉，你们的人打到我单位去了", "我要投诉你们联系得太频繁"),
    },
    "distress": {
        "en": ("i can't cope any more, i haven't slept in weeks because of this",),
        "zh": ("我真的撑不下去了，每天都睡不着",),
    },
    "callback": {
        "en": ("i'm at work, can you call me tomorrow at 3pm", "not now, write to me again tomorrow morning"),
        "zh": ("我在上班，明天下午三点再联系我", "现在不方便，明天上午再说"),
    },
    "details": {
        "en": ("ok, here they are", "it was by bank transfer, i have the receipt"),
        "zh": ("好的", "是银行转账，我有回单"),
    },
    "accepts": {"en": ("yes, that i can manage",), "zh": ("可以，这样我还得起",)},
    "less": {
        "en": ("could it be a bit less each month? i have two children", "is there nothing lower? my rent went up"),
        "zh": ("每个月能不能再少一点，家里两个孩子", "能不能再低一点，房租涨了"),
    },
}
"""By debtors."""

WRITTEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "greets": {
        "en": (
            "Hello, my name is {agent}. I have read what you wrote, and I will look into it with you.",
            "Hi, this is {agent}. Thank you for waiting. I have your messages in front of me.",
        ),
        "zh": (
            "您好，我是{agent}，您前面写的我都看过了，我来帮您处理。",
            "您好，我是{agent}，让您久等了，情况我了解了。",
        ),
    },
    "sorry": {
        "en": ("I am sorry to hear that. Let us find something that leaves you enough to live on.",),
        "zh": ("很抱歉听到这些。我们一起找一个不影响您基本生活的办法。",),
    },
    "offers": {
        "en": ("I am sending you a plan that I can make. Please look at each date and sum before you answer.",),
        "zh": ("我给您发一个方案，请您把每一期的日期和金额看清楚再答复。",),
    },
    "checks": {
        "en": (
            "I will have this checked; nothing is asked of you until then. You hear from us within five working days.",
        ),
        "zh": ("我会安排核查，核查期间不会要求您付款，五个工作日内给您答复。",),
    },
    "hard_word": {
        "en": ("You must pay today or else we will take you to court.",),
        "zh": ("今天必须还，否则我们马上起诉你。",),
    },
    "soft_word": {
        "en": ("Please tell me what you could manage, and when. We can work from there.",),
        "zh": ("请告诉我您大概什么时候、能还多少，我们再一起商量。",),
    },
    "apologises": {
        "en": (
            "I am sorry that this happened. Your complaint is taken down; you get its number and a written answer.",
        ),
        "zh": ("对此我们非常抱歉。您的投诉已经登记，会给您编号和书面答复。",),
    },
    "listens": {
        "en": (
            "Thank you for telling me. Nothing needs deciding today. Is there somebody near you whom you can talk to?",
        ),
        "zh": ("谢谢您愿意告诉我。今天什么都不用决定。您身边有可以说说话的人吗？",),
    },
    "calls": {
        "en": ("Hello, this is {agent}. You asked us to come back to you. Is now a good time?",),
        "zh": ("您好，我是{agent}，您之前约我们这个时间联系，现在方便吗？",),
    },
    "asks_first": {
        "en": ("That is below what I may agree to by myself. I have asked, and will write to you as soon as I know.",),
        "zh": ("这个金额超出了我的权限，我已经替您申请，有结果马上告诉您。",),
    },
    "thanks": {
        "en": ("Thank you. You can write here again at any time.",),
        "zh": ("谢谢您。有任何问题随时在这里留言。",),
    },
}
"""By the team."""

NOTES: Mapping[str, Mapping[str, str]] = {
    "dispute": {
        "en": "Says a part was paid. Sent to the ledger team with the receipt.",
        "zh": "称已还一部分，回单已转对账组核实。",
    },
    "hardship": {
        "en": "Lost the job. Told about free debt advice; a lower plan was made.",
        "zh": "失业。已告知可申请困难帮扶，并做了低额方案。",
    },
    "distress": {
        "en": "Very low. Gave the helpline's number; no payment talk before a supervisor has looked.",
        "zh": "情绪很差。已给援助热线；主管看过之前不谈还款。",
    },
    "back": {"en": "All questions answered; the assistant can go on.", "zh": "问题已答复，可由助手继续。"},
    "exception": {
        "en": "Single parent, rent went up. Can keep to this sum, not to more.",
        "zh": "单亲，房租上涨，这个金额能坚持，再多就断供。",
    },
    "allowed": {"en": "Seen. Once only, and tell them so.", "zh": "已阅。仅此一次，请跟客户说明。"},
    "whisper": {"en": "Go slowly here, and ask about the job first.", "zh": "慢一点，先问问工作情况。"},
}
"""What the team keeps to itself."""

ANSWERS: Mapping[str, tuple[str, str, str]] = {
    "upheld": (
        "conduct",
        "You were called at your workplace, which should not have happened. The number is deleted, and we apologise.",
        "确有同事拨打了您单位电话，此事不应发生。该号码已删除，我们向您道歉。",
    ),
    "rejected": (
        "frequency",
        "We wrote to you twice in seven days, both times in answer to you. We enclose the list.",
        "七天内共给您发过两次消息，均为对您来信的答复，清单附后。",
    ),
    "partly": (
        "amount",
        "The late fee was charged twice and has been taken off. The rest of the sum is right.",
        "滞纳金重复收取一笔，已退还冲减；其余金额无误。",
    ),
}
"""How complaints were decided: what they were about, and the answer in English and Chinese."""

REVIEWS = (
    ("Clear and kind. Could have named the next date sooner.", "清楚又有礼。下一次的日期可以更早说。"),
    ("Good listening; the plan fits what was told of the budget.", "听得仔细，方案和对方收入相符。"),
    (
        "The first words were refused by the review. Please read the rule on pressure again.",
        "第一句被合规拦下，请再看一遍施压规则。",
    ),
    ("Nothing to add. A model of how to handle a dispute.", "没有可补充的，处理异议的范例。"),
)
AGENT_ANSWER = ("Understood, thank you. I will name the date first.", "明白，谢谢，下次先说日期。")

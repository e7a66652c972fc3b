"""Words for what agents work with inside a conversation."""

from collections.abc import Mapping

from console.i18n import N_

ORDERS: Mapping[str, str] = {
    "no_discount": N_("Offer no discount and waive nothing"),
    "no_means": N_("Ask nothing about income or spending"),
    "answer_only": N_("Only answer questions; terms come back to a person"),
}
NOTE_KINDS: Mapping[str, str] = {
    "transfer": N_("Passed on"),
    "back": N_("Handed back"),
    "closed": N_("Closed"),
}
NOTICE_KINDS: Mapping[str, str] = {
    "mention": N_("Named you in a note"),
    "transferred": N_("Passed a conversation on to you"),
    "withheld": N_("Your message for later was not sent"),
    "taken": N_("Took a conversation over from you"),
    "whisper": N_("Whispered to you"),
}
SNOOZES: Mapping[str, str] = {
    "wrote": N_("Until they write, two weeks at most"),
    "hour": N_("One hour"),
    "hours": N_("Three hours"),
    "tomorrow": N_("Tomorrow at 9:00, my time"),
    "moment": N_("Until a moment, my time"),
}
MERGE_OBSTACLES: Mapping[str, str] = {
    "same": N_("Choose another conversation."),
    "merged": N_("It goes on in another conversation already."),
    "other_person": N_("It is another person's. Conversations of different people are never merged."),
    "other_case": N_("It is about another debt of the same person. Each debt keeps its own conversation."),
    "identity": N_("Confirm the identity in both conversations first: a link may have been opened by somebody else."),
    "held": N_("A colleague holds it. Ask them to pass it on first."),
    "approval": N_("A request for approval is open there. Have it decided first."),
}
OUTCOME_PROBLEMS: Mapping[str, str] = {
    "outcome.code": N_("Give a code of small letters, figures and underscores that the system does not use itself."),
    "outcome.taken": N_("There is such a code already, maybe archived."),
    "outcome.names": N_("Give its name in both languages."),
    "outcome.last": N_("This is the last one. A conversation has to end somehow."),
    "outcome.too_many": N_("There are as many codes as can be told apart in a list. Rename one instead."),
}
REPLY_PROBLEMS: Mapping[str, str] = {
    "canned.shortcut": N_("Give a shortcut of letters, figures, - and _, such as hours."),
    "canned.taken": N_("There is such a shortcut already, maybe archived."),
    "canned.suits": N_("Choose a reason from the list."),
    "canned.empty": N_("The text is missing."),
    "canned.too_long": N_("At most %(most)s characters."),
    "canned.braces": N_("A brace is open, or a variable is not written as {name}."),
    "canned.unknown": N_("{%(name)s} is no variable."),
    "canned.variables_differ": N_("The two languages fill in different variables."),
    "canned.sum": N_("It names a sum, %(sum)s. Sums come from the case: use a variable."),
}
VARIABLES: Mapping[str, str] = {
    "name": N_("the customer's name"),
    "agent": N_("your name"),
    "creditor": N_("the creditor"),
    "phone": N_("the creditor's telephone"),
    "hours": N_("the creditor's hours"),
    "reference": N_("the reference"),
    "product": N_("the product"),
    "balance": N_("what is owed"),
    "due_date": N_("when it was due"),
    "plan_next_due": N_("the plan's next date"),
    "plan_next_amount": N_("the plan's next sum"),
    "plan_left": N_("what is left of the plan"),
    "promise_due": N_("the date promised"),
    "promise_amount": N_("the sum promised"),
}
SCHEDULED_STATES: Mapping[str, str] = {
    "waiting": N_("Waits for its time"),
    "withheld": N_("Not sent"),
}

"""Words of reports: what is measured and exactly how, what it is told apart by."""

from collections.abc import Mapping

from console.i18n import N_

REPORTS: Mapping[str, str] = {
    "agreements": N_("Agreements"),
    "money": N_("Money"),
    "service": N_("Service"),
    "care": N_("Care"),
}
REPORTS_TELL: Mapping[str, str] = {
    "agreements": N_("Whom we reached, what was agreed, with whom, and whether it was kept."),
    "money": N_("What was paid, and what it is worth on the day that the conversation opened."),
    "service": N_("Why conversations went to people, how long customers waited, and how long people took."),
    "care": N_("Complaints, messages that compliance refused, and how people fare who need more care."),
}
MEASURES: Mapping[str, str] = {
    "opened": N_("Conversations opened"),
    "wrote": N_("Conversations in which the customer wrote"),
    "right_party": N_("Right person reached"),
    "agreed": N_("Plan agreed"),
    "contained": N_("Agreed without a person"),
    "to_people": N_("Went to people"),
    "complained": N_("With a complaint"),
    "plans": N_("Plans agreed"),
    "plan_kept": N_("Plans kept"),
    "promise_kept": N_("Promises kept"),
    "time_to_plan": N_("Time to plan"),
    "offers": N_("Offers made"),
    "accepted": N_("Offers accepted"),
    "refused": N_("Offers turned down"),
    "payments": N_("Payments received"),
    "received": N_("Received"),
    "present_value": N_("Present value of what was received"),
    "agreed_sum": N_("Sum of plans agreed"),
    "since_opening": N_("Paid since, by conversations opened"),
    "since_opening_value": N_("Present value of that"),
    "handoffs": N_("Hand-overs to people"),
    "taken": N_("Hand-overs taken"),
    "queue_wait": N_("Wait in the queue"),
    "first_reply": N_("First reply by a person"),
    "handle_time": N_("Time a person held it"),
    "refusals": N_("Refusals by compliance"),
    "complaints": N_("Complaints"),
}
MEASURES_TELL: Mapping[str, str] = {
    "opened": N_("Conversations, by the moment they were opened. One that was merged into another counts once."),
    "wrote": N_("Conversations in which the customer wrote something, by the moment they were opened."),
    "right_party": N_(
        "Of the conversations in which the customer wrote: those in which the identity check was passed. By the moment "
        "the conversation was opened."
    ),
    "agreed": N_(
        "Of the conversations in which the customer wrote: those in which a plan was agreed, with or without a person. "
        "By the moment the conversation was opened."
    ),
    "contained": N_(
        "Of the conversations in which the customer wrote: those in which a plan was agreed before anything was handed "
        "to a person or taken over by one. By the moment the conversation was opened."
    ),
    "to_people": N_(
        "Of the conversations in which the customer wrote: those that were handed to a person or taken over by one. By "
        "the moment the conversation was opened."
    ),
    "complained": N_(
        "Of the conversations in which the customer wrote: those in which there was a complaint. By the moment the "
        "conversation was opened."
    ),
    "plans": N_("Plans, by the moment they were agreed."),
    "plan_kept": N_(
        "Of the plans that were tried: those completed, or in force with a payment made and none missed. Tried is a "
        "plan of which a payment was made or missed; replaced and cancelled plans are left out. By the moment the plan "
        "was agreed."
    ),
    "promise_kept": N_(
        "Of the promises to pay that were kept or broken: those kept. Open and replaced ones are left out. By the date "
        "promised."
    ),
    "time_to_plan": N_(
        "From the opening of the conversation to the agreement, the middle plan. Nine of ten took no longer than "
        "the second figure. By the moment the plan was agreed."
    ),
    "offers": N_("Offers put before customers, by the assistant and by people, by the moment they were made."),
    "accepted": N_("Of the offers made: those accepted. By the moment the offer was made."),
    "refused": N_("Of the offers made: those turned down. By the moment the offer was made."),
    "payments": N_("Payments, by the date paid."),
    "received": N_("The sum of payments, each currency by itself. By the date paid."),
    "present_value": N_(
        "Payments discounted by 8 percent a year from the date paid to the day on which the conversation opened that "
        "they came after. A payment without a conversation counts in full. By the date paid."
    ),
    "agreed_sum": N_("What the plans agreed come to. By the moment the plan was agreed."),
    "since_opening": N_(
        "What has been paid until now after conversations that were opened in the period, whenever it was paid."
    ),
    "since_opening_value": N_("The same, discounted by 8 percent a year to the day on which the conversation opened."),
    "handoffs": N_("Conversations handed to people, once for each time, by the moment of the hand-over."),
    "taken": N_("Of the hand-overs: those that somebody took. By the moment of the hand-over."),
    "queue_wait": N_(
        "From the hand-over until somebody took it, the middle one. Those that still wait are left out. By the moment "
        "of the hand-over."
    ),
    "first_reply": N_("From the hand-over until a person wrote, the middle one. By the moment of the hand-over."),
    "handle_time": N_(
        "How long people held a conversation until it was handed back or closed, the middle one; the assistant's time "
        "and the queue are left out. By the moment of the hand-over, or of the taking over where nobody had handed it "
        "over."
    ),
    "refusals": N_(
        "Messages that compliance did not let leave, once for each rule that refused it, the assistant's and people's. "
        "By the moment of the refusal."
    ),
    "complaints": N_("Complaints, by the moment they came."),
}
DIMENSIONS: Mapping[str, str] = {
    "version": N_("Version of the limits"),
    "bucket": N_("Days past due"),
    "language": N_("Language"),
    "channel": N_("Channel"),
    "market": N_("Market"),
    "creditor": N_("Creditor"),
    "team": N_("Team"),
    "segment": N_("Care needed"),
}
DIMENSION_TABLES: Mapping[str, str] = {
    "bucket": "BUCKETS",
    "language": "LANGUAGE_NAMES",
    "channel": "CHANNELS",
    "market": "MARKETS",
    "segment": "CARE",
}
CARE: Mapping[str, str] = {
    "vulnerable": N_("Vulnerable people"),
    "hardship": N_("People in hardship"),
    "other": N_("Everybody else"),
}
BREAKDOWNS: Mapping[str, str] = {
    "offers": N_("Offers by kind"),
    "reasons": N_("Why conversations went to people"),
    "rules": N_("Refusals by rule"),
    "complaints": N_("Complaints by category"),
}
BREAKDOWN_OF: Mapping[str, str] = {
    "offers": N_("Kind of offer"),
    "reasons": N_("Reason"),
    "rules": N_("Rule"),
    "complaints": N_("Category"),
}
FACTS: Mapping[str, str] = {
    "conversation": N_("Conversation"),
    "handoff": N_("Hand-over"),
    "takeover": N_("Taken over"),
    "plan": N_("Plan"),
    "promise": N_("Promise"),
    "payment": N_("Payment"),
    "offer": N_("Offer"),
    "refusal": N_("Refusal"),
    "complaint": N_("Complaint"),
}
PROMISE_STATES: Mapping[str, str] = {
    "open": N_("Open"),
    "kept": N_("Kept"),
    "broken": N_("Broken"),
    "replaced": N_("Replaced"),
}
FACT_VALUES: Mapping[str, str] = {
    "handoff": "REASONS",
    "plan": "PLAN_STATES",
    "promise": "PROMISE_STATES",
    "offer": "OFFER_KINDS",
    "complaint": "COMPLAINT_CATEGORIES",
}
"""The words for the value of a fact, by its kind."""
FACT_MARKS: Mapping[str, str] = {
    "RIGHT_PARTY": N_("Right person reached"),
    "AGREED": N_("Plan agreed"),
    "ALONE": N_("Without a person"),
    "PERSON": N_("Went to people"),
    "WRONG_PARTY": N_("Wrong person"),
    "COMPLAINED": N_("With a complaint"),
    "KEPT": N_("Kept"),
    "TAKEN": N_("Taken"),
    "REPLIED": N_("A person replied"),
    "ENDED": N_("Ended"),
    "ACCEPTED": N_("Accepted"),
    "REFUSED": N_("Turned down"),
}

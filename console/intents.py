"""What debtors can mean, as the team reads it: each intent in a few words, in the groups that they are chosen from."""

from collections.abc import Mapping

from console.i18n import N_

INTENTS: Mapping[str, str] = {
    "confirm_identity": N_("Says that it is them"),
    "deny_identity": N_("Is not that person"),
    "third_party_contact": N_("Somebody else writes"),
    "refuse_verification": N_("Will not give details"),
    "doubt_legitimacy": N_("Suspects a scam"),
    "ask_who_are_you": N_("Asks who is writing"),
    "ask_if_bot": N_("Asks whether it is a machine"),
    "ask_balance": N_("Asks how much is owed"),
    "ask_debt_details": N_("Asks what the debt is"),
    "ask_interest_fees": N_("Asks about interest and fees"),
    "ask_due_date": N_("Asks when it is due"),
    "ask_payment_received": N_("Asks whether a payment arrived"),
    "unaware_of_debt": N_("Did not know of it"),
    "request_documents": N_("Wants documents"),
    "pay_in_full": N_("Will pay all of it now"),
    "promise_to_pay": N_("Will pay by a date"),
    "pay_part_now": N_("Can pay a part now"),
    "already_paid": N_("Says it is paid already"),
    "ask_how_to_pay": N_("Asks how to pay"),
    "payment_problem": N_("Tried to pay and could not"),
    "request_instalments": N_("Wants instalments"),
    "request_extension": N_("Wants more time"),
    "request_discount": N_("Wants to owe less"),
    "request_fee_waiver": N_("Wants interest or fees waived"),
    "propose_amount": N_("Names a sum"),
    "too_expensive": N_("The offer is too high"),
    "ask_other_options": N_("Asks for other offers"),
    "choose_option": N_("Picks an offer"),
    "ask_plan_status": N_("Asks about the plan"),
    "change_plan": N_("Wants the plan changed"),
    "missed_payment": N_("Missed a payment"),
    "cancel_plan": N_("Wants to end the plan"),
    "ask_early_payoff": N_("Wants to pay off early"),
    "hardship_income": N_("Lost work or income"),
    "hardship_health": N_("Ill or injured"),
    "hardship_family": N_("Hardship in the family"),
    "hardship_event": N_("Hit by an event"),
    "cannot_pay": N_("Cannot pay"),
    "multiple_debts": N_("Owes several lenders"),
    "inform_finances": N_("Tells their finances"),
    "reason_oversight": N_("Forgot, or autopay failed"),
    "dispute_debt": N_("Not their debt"),
    "dispute_amount": N_("The sum is wrong"),
    "dispute_terms": N_("Contests the contract"),
    "identity_theft": N_("Somebody used their name"),
    "bankruptcy": N_("Bankrupt or insolvent"),
    "legal_representation": N_("Has a lawyer or adviser"),
    "statute_barred": N_("Too old to be enforced"),
    "debtor_deceased": N_("The debtor has died"),
    "complaint": N_("Complains"),
    "stop_contact": N_("Wants no contact"),
    "contact_preference": N_("Says how or when to be reached"),
    "protect_third_parties": N_("Leave family and work alone"),
    "callback_later": N_("Busy, later"),
    "update_contact": N_("Gives a new contact"),
    "privacy_request": N_("Asks about their data"),
    "self_harm": N_("May hurt themselves"),
    "distress": N_("In distress"),
    "abusive": N_("Insults or threatens"),
    "refuse_to_pay": N_("Will not pay"),
    "evasive": N_("Commits to nothing"),
    "ask_consequences": N_("Asks what happens otherwise"),
    "ask_credit_impact": N_("Asks about the credit record"),
    "talk_to_human": N_("Wants a person"),
    "greet": N_("Greets"),
    "thanks": N_("Thanks"),
    "goodbye": N_("Says goodbye"),
    "affirm": N_("Says yes"),
    "deny": N_("Says no"),
    "dont_understand": N_("Did not follow"),
    "help": N_("Asks what this can do"),
    "change_language": N_("Wants another language"),
    "out_of_scope": N_("Something else entirely"),
}

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Danger and rights"), (
        "self_harm", "distress", "stop_contact", "deny_identity", "third_party_contact", "debtor_deceased",
        "legal_representation", "bankruptcy", "statute_barred", "privacy_request", "contact_preference",
        "protect_third_parties",
    )),
    (N_("For a person"), (
        "talk_to_human", "complaint", "dispute_debt", "dispute_amount", "dispute_terms", "identity_theft",
        "hardship_income", "hardship_health", "hardship_family", "hardship_event",
    )),
    (N_("Paying and plans"), (
        "pay_in_full", "promise_to_pay", "pay_part_now", "already_paid", "ask_how_to_pay", "payment_problem",
        "request_instalments", "request_extension", "request_discount", "request_fee_waiver", "propose_amount",
        "too_expensive", "ask_other_options", "choose_option", "ask_plan_status", "change_plan", "missed_payment",
        "cancel_plan", "ask_early_payoff", "cannot_pay", "multiple_debts", "inform_finances", "reason_oversight",
    )),
    (N_("Who it is and what is owed"), (
        "confirm_identity", "refuse_verification", "doubt_legitimacy", "ask_who_are_you", "ask_if_bot", "ask_balance",
        "ask_debt_details", "ask_interest_fees", "ask_due_date", "ask_payment_received", "unaware_of_debt",
        "request_documents", "update_contact", "ask_consequences", "ask_credit_impact",
    )),
    (N_("Talk"), (
        "greet", "thanks", "goodbye", "affirm", "deny", "dont_understand", "help", "callback_later", "change_language",
        "evasive", "refuse_to_pay", "abusive", "out_of_scope",
    )),
)  # fmt: skip

FIGURES: Mapping[str, str] = {
    "top_intent": N_("Likeliest meaning is right"),
    "all_gold_asserted": N_("Every meaning is heard"),
    "critical_recall": N_("Rights and danger: heard"),
    "critical_precision": N_("Rights and danger: right when heard"),
    "self_harm_recall": N_("Self-harm: heard"),
    "ece": N_("Calibration error (less is better)"),
}
LESS_IS_BETTER = frozenset(("ece",))
STAGES: Mapping[str, str] = {
    "reading": N_("Reading the messages"),
    "learning": N_("Learning"),
    "comparing": N_("Comparing"),
}
MODEL_STATES: Mapping[str, str] = {
    "asked": N_("Waiting for a worker"),
    "training": N_("In the making"),
    "candidate": N_("Candidate"),
    "in_force": N_("In force"),
    "retired": N_("Was in force"),
    "discarded": N_("Not used"),
    "failed": N_("Failed"),
}
ORIGINS: Mapping[str, str] = {"release": N_("Came with the release"), "trained": N_("Trained here")}
READING_STATES: Mapping[str, str] = {
    "sure": N_("Sure"),
    "unsure": N_("Unsure"),
    "misheard": N_("Misunderstood"),
    "relabelled": N_("Relabelled"),
}

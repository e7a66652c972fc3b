"""Words of the house as people read them. Keys are the stored values; texts are translated where they are shown."""

from collections.abc import Mapping

from console.i18n import N_
from core.compliance import HOLDS as STANDING

FLAGS: Mapping[str, str] = {
    "hardship": N_("Hardship"),
    "dispute": N_("Dispute"),
    "identity_theft": N_("Identity theft"),
    "vulnerable": N_("Vulnerable"),
    "self_harm": N_("Self-harm"),
    "stop_contact": N_("No contact"),
    "wrong_party": N_("Wrong person"),
    "third_party": N_("Third party"),
    "deceased": N_("Deceased"),
    "bankruptcy": N_("Bankruptcy"),
    "represented": N_("Has a lawyer"),
    "time_barred": N_("Time-barred"),
    "complaint": N_("Complaint"),
    "minor": N_("Minor"),
    "abusive": N_("Abusive words"),
    "privacy_request": N_("Privacy request"),
    "time_restricted": N_("Contact hours"),
    "breathing_space": N_("Breathing space"),
    "debt_advice": N_("Debt advice"),
}

HOLDS = frozenset(STANDING)
GRAVE_FLAGS = frozenset(("self_harm", "vulnerable", "deceased", "minor"))
HELD_FLAGS = frozenset(
    ("dispute", "identity_theft", "stop_contact", "represented", "bankruptcy", "complaint", "wrong_party")
)

REASONS: Mapping[str, str] = {
    "self_harm": N_("Danger of self-harm"),
    "vulnerable": N_("Vulnerable person"),
    "legal": N_("A legal matter"),
    "identity_theft": N_("Identity theft"),
    "identity": N_("Identity not confirmed"),
    "dispute": N_("Disputes the debt"),
    "complaint": N_("Complaint"),
    "hardship": N_("In hardship"),
    "abusive": N_("Abusive words"),
    "person_requested": N_("Asked for a person"),
    "limits": N_("Asked beyond the limits"),
    "broken_promise": N_("Broken promise"),
    "not_understood": N_("Not understood"),
}

NEXT_STEPS: Mapping[str, str] = {
    "self_harm": N_("Stop all talk of the debt. Stay with the person, give the helpline, tell your supervisor now."),
    "vulnerable": N_("Go slowly. Ask what would help and offer a pause before any talk of a plan."),
    "legal": N_("Speak only with the representative from here. Ask for their name and send the file to legal."),
    "identity_theft": N_("Pause collection. Take down what happened and send the fraud form."),
    "identity": N_("Check who you are speaking with before saying anything about the debt."),
    "dispute": N_("Pause collection. Ask what is disputed and send the documents of the debt."),
    "complaint": N_("Thank them, take the complaint down in their words, and say when they will hear back."),
    "hardship": N_("Ask what they can afford after necessities, then offer the lowest plan that fits."),
    "abusive": N_("Stay calm and short. You may pause the conversation."),
    "person_requested": N_("Say your name, and ask what you can do."),
    "limits": N_("Look at what they asked for in the plan desk; ask for approval if it is fair."),
    "broken_promise": N_("Ask what got in the way before proposing anything new."),
    "not_understood": N_("Read the last messages and answer in your own words."),
}

PRIORITIES: Mapping[str, str] = {"urgent": N_("Urgent"), "high": N_("High"), "normal": N_("Normal")}

PRODUCTS: Mapping[str, str] = {
    "credit_card": N_("Credit card"),
    "personal_loan": N_("Personal loan"),
    "consumer_loan": N_("Consumer loan"),
    "auto_loan": N_("Car loan"),
    "mortgage": N_("Mortgage"),
    "overdraft": N_("Overdraft"),
    "store_card": N_("Store card"),
    "microloan": N_("Small loan"),
    "bnpl": N_("Pay-later account"),
}

MARKETS: Mapping[str, str] = {"cn": N_("China"), "us": N_("United States"), "uk": N_("United Kingdom")}
MARKET_CURRENCIES: Mapping[str, str] = {"cn": "CNY", "us": "USD", "uk": "GBP"}
LANGUAGE_NAMES: Mapping[str, str] = {"zh": N_("Chinese"), "en": N_("English")}
CHANNELS: Mapping[str, str] = {"web": N_("Web chat"), "telegram": N_("Telegram"), "terminal": N_("Terminal")}
ROLES: Mapping[str, str] = {
    "agent": N_("Agent"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Manager"),
    "compliance": N_("Compliance officer"),
    "admin": N_("Administrator"),
    "auditor": N_("Auditor (reads only)"),
}

OUTCOMES: Mapping[str, str] = {
    "agreed": N_("Plan agreed"),
    "no_agreement": N_("No agreement"),
    "wrong_party": N_("Wrong person"),
    "complaint": N_("Complaint taken"),
    "dispute": N_("Dispute under review"),
    "hardship": N_("Referred for hardship"),
    "paid": N_("Paid in full"),
    "stopped": N_("Contact stopped"),
    "done": N_("Finished"),
    "merged": N_("Went on in another conversation"),
    "other": N_("Other"),
}

AUTHORS: Mapping[str, str] = {
    "bot": N_("Assistant"),
    "debtor": N_("Customer"),
    "agent": N_("Agent"),
    "system": N_("System"),
}
DELIVERY: Mapping[str, str] = {
    "due": N_("Waiting to be sent"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "failed": N_("Not delivered"),
    "withheld": N_("Held back"),
    "unknown": N_("Delivery not confirmed"),
}
KINDS: Mapping[str, str] = {
    "voice": N_("Voice message"),
    "picture": N_("Picture"),
    "file": N_("File"),
    "sticker": N_("Sticker"),
    "location": N_("Location"),
}
OFFER_KINDS: Mapping[str, str] = {
    "full": N_("Payment in full"),
    "settlement": N_("Settlement"),
    "instalments": N_("Instalments"),
    "extension": N_("Later date"),
}
OFFER_STATES: Mapping[str, str] = {
    "open": N_("On the table"),
    "refused": N_("Turned down"),
    "accepted": N_("Accepted"),
    "expired": N_("Expired"),
    "replaced": N_("Replaced"),
}
PLAN_STATES: Mapping[str, str] = {
    "active": N_("In force"),
    "completed": N_("Completed"),
    "broken": N_("Broken"),
    "cancelled": N_("Cancelled"),
    "replaced": N_("Replaced"),
}
APPROVAL_STATES: Mapping[str, str] = {
    "asked": N_("Waiting"),
    "approved": N_("Approved"),
    "refused": N_("Refused"),
    "expired": N_("Expired"),
}
VERSION_STATES: Mapping[str, str] = {
    "draft": N_("Draft"),
    "review": N_("Waiting for review"),
    "scheduled": N_("Scheduled"),
    "in_force": N_("In force"),
    "superseded": N_("Superseded"),
    "withdrawn": N_("Withdrawn"),
}
FREQUENCIES: Mapping[str, str] = {
    "week": N_("Weekly"),
    "fortnight": N_("Every two weeks"),
    "four_weeks": N_("Every four weeks"),
    "semi_month": N_("Twice a month"),
    "month": N_("Monthly"),
    "quarter": N_("Quarterly"),
}
BUCKETS: Mapping[str, str] = {
    "M0": N_("Not yet due"),
    "M1": N_("1–30 days past due"),
    "M2": N_("31–60 days past due"),
    "M3": N_("61–90 days past due"),
    "M4": N_("91–120 days past due"),
    "M5": N_("121–150 days past due"),
    "M6": N_("151–180 days past due"),
    "M7+": N_("181 days past due and more"),
}
SEGMENTS: Mapping[str, str] = {
    "vulnerable": N_("Vulnerable people"),
    "hardship": N_("People in hardship"),
    "broken_plan": N_("People who broke a plan"),
}
ASKERS: Mapping[str, str] = {
    "bot": N_("Offered by the assistant"),
    "agent": N_("Offered by an agent"),
    "supervisor": N_("Offered by a supervisor"),
    "manager": N_("Offered by a manager"),
}
GROUP_TABLES: Mapping[str, str] = {
    "language": "LANGUAGE_NAMES",
    "bucket": "BUCKETS",
    "product": "PRODUCTS",
    "segment": "SEGMENTS",
}
"""The words for the groups that a simulation compares, by what they are told apart by."""
PACES: Mapping[str, str] = {
    "early": N_("At once"),
    "balanced": N_("In three steps"),
    "patient": N_("In four steps"),
}
PHASES: Mapping[str, str] = {
    "opening": N_("Not started"),
    "verifying": N_("Checking identity"),
    "talking": N_("Talking"),
    "confirming": N_("Plan read back, waiting for a yes"),
    "agreed": N_("Agreed"),
    "closed": N_("Closed"),
}

SUBJECTS: Mapping[str, str] = {
    "conversation": N_("Conversation"),
    "case": N_("Case"),
    "user": N_("Account"),
    "policy": N_("Limits"),
    "limits_draft": N_("Draft of limits"),
    "portfolio": N_("Portfolio"),
    "debtor": N_("Customer"),
    "reply": N_("Kept reply"),
    "outcome": N_("Outcome"),
    "model": N_("Model"),
    "understanding": N_("Understanding"),
    "team": N_("Team that conversations go to"),
    "report": N_("Report"),
    "quality": N_("Quality review"),
    "wording": N_("Debtor texts"),
    "contact": N_("Contact rules"),
    "view": N_("View of the inbox"),
    "audit": N_("Audit"),
    "api_key": N_("API key"),
    "webhook": N_("Webhook"),
}
ACTORS: Mapping[str, str] = {"bot": N_("Assistant"), "system": N_("System"), "debtor": N_("Customer")}
ACTIONS: Mapping[str, str] = {
    "archived_outcome": N_("Archived an outcome"),
    "archived_reply": N_("Archived a kept reply"),
    "cancelled_scheduled": N_("Took a message for later back"),
    "merged": N_("Had another conversation go on here"),
    "merged_away": N_("Goes on in another conversation"),
    "restored_outcome": N_("Took an outcome up again"),
    "restored_reply": N_("Took a kept reply up again"),
    "saved_outcome": N_("Saved an outcome"),
    "saved_reply": N_("Saved a kept reply"),
    "scheduled": N_("Wrote a message for later"),
    "sent_scheduled": N_("A message for later was sent"),
    "snoozed": N_("Put the conversation aside"),
    "transferred": N_("Passed the conversation on"),
    "withheld_scheduled": N_("A message for later was not sent"),
    "woke": N_("Took the conversation up again"),
    "accepted_offer": N_("Accepted an offer"),
    "added_day_off": N_("Gave a team a day off"),
    "activated_user": N_("Opened an account"),
    "agreed": N_("Agreed a plan"),
    "approved_limits": N_("Approved limits"),
    "changed_role": N_("Changed an account"),
    "changed_webhook": N_("Changed a webhook"),
    "created_api_key": N_("Made an API key"),
    "created_webhook": N_("Added a webhook"),
    "exported_audit": N_("Exported the audit trail"),
    "linked_sso": N_("Joined to single sign-on"),
    "redelivered_webhook": N_("Sent a webhook's event again"),
    "revoked_api_key": N_("Revoked an API key"),
    "rotated_webhook": N_("Gave a webhook a new secret"),
    "webhook_paused": N_("Paused a webhook that did not answer"),
    "assigned": N_("Gave the conversation to an agent"),
    "asked_approval": N_("Asked for approval"),
    "asked_limits_review": N_("Asked for a review of limits"),
    "asked_house_review": N_("Asked for approval of a draft"),
    "changed_house_draft": N_("Changed a draft"),
    "published_house": N_("Approved a draft"),
    "sent_back_house_draft": N_("Sent a draft back"),
    "took_back_house_draft": N_("Took a draft back"),
    "withdrew_house_draft": N_("Withdrew a draft"),
    "asked_training": N_("Asked for a new model"),
    "asked_what_if": N_("Asked what limits would change"),
    "called_off_training": N_("Called a training off"),
    "called_off_what_if": N_("Called off a simulation of limits"),
    "changed_skills": N_("Changed what somebody can be given"),
    "changed_status": N_("Changed whether new conversations come"),
    "claimed_paid": N_("Said that it is paid"),
    "closed": N_("Closed the conversation"),
    "confirmed_identity": N_("Confirmed the identity"),
    "created_user": N_("Added an account"),
    "deactivated_user": N_("Closed an account"),
    "decided": N_("Answered"),
    "decided_approval": N_("Decided a request"),
    "discarded_model": N_("Discarded a model"),
    "exported_report": N_("Exported rows of a report"),
    "escalated": N_("Called the supervisors"),
    "exported_labels": N_("Exported relabelled messages"),
    "fate_unknown": N_("Delivery not confirmed"),
    "flagged": N_("Flagged the case"),
    "given_up": N_("Put back in the queue"),
    "handed_back": N_("Handed back"),
    "handed_over": N_("Handed over to people"),
    "imported": N_("Imported"),
    "instalment_moved": N_("Moved an instalment"),
    "issued_link": N_("Issued a chat link"),
    "marked_misheard": N_("Said that the assistant misunderstood"),
    "noted": N_("Left a note"),
    "not_sent": N_("Not sent"),
    "approval_expired": N_("A request expired"),
    "address_gone": N_("Not sent: blocked or deleted there"),
    "gave_up": N_("Could not be answered, left to people"),
    "cleared_hold": N_("Cleared a hold"),
    "offer_expired": N_("An offer expired"),
    "offered": N_("Made an offer"),
    "opened": N_("Opened the conversation"),
    "payment_recorded": N_("Recorded a payment"),
    "preferred_contact": N_("Said how to be reached"),
    "promoted_model": N_("Promoted a model"),
    "promised": N_("Promised to pay"),
    "published_limits": N_("Limits came in force"),
    "refused": N_("Message refused"),
    "changed_view": N_("Changed a view of the inbox"),
    "deleted_view": N_("Deleted a view of the inbox"),
    "saved_view": N_("Saved a view of the inbox"),
    "rebased_limits": N_("Put a draft of limits on the latest version"),
    "refused_offers": N_("Turned offers down"),
    "relabelled": N_("Said what a message means"),
    "reopened": N_("Came back"),
    "replied": N_("Replied"),
    "ran_what_if": N_("Simulated what limits would change"),
    "removed_day_off": N_("Took a day off back"),
    "reset_password": N_("Reset a password"),
    "revoked_links": N_("Revoked chat links"),
    "rolled_back_model": N_("Went back to an earlier model"),
    "saved_team": N_("Changed a team"),
    "saved_limits_draft": N_("Saved a draft of limits"),
    "sent_back_limits": N_("Sent a draft of limits back"),
    "signed_in": N_("Signed in"),
    "silent": N_("Stayed silent"),
    "stopped_contact": N_("Asked for no contact"),
    "told_queue": N_("Told the customer how long it takes"),
    "took_back_limits": N_("Took a draft of limits back"),
    "took_over": N_("Took over"),
    "trained_model": N_("Trained a model"),
    "training_failed": N_("A training failed"),
    "unlabelled": N_("Took back what a message means"),
    "unmarked_misheard": N_("Took back that the assistant misunderstood"),
    "vouched_identity": N_("Identity vouched for"),
    "withdrew_limits": N_("Withdrew limits"),
    "withheld": N_("Held back"),
    "whispered": N_("Whispered to the agent"),
    "took_from": N_("Took over from an agent"),
    "reassigned": N_("Reassigned"),
    "noted_callback": N_("Noted a callback"),
    "ended_callback": N_("Ended a callback"),
    "opened_complaint": N_("Opened a complaint"),
    "categorised_complaint": N_("Said what a complaint is about"),
    "acknowledged_complaint": N_("Acknowledged a complaint"),
    "answered_complaint": N_("Answered a complaint"),
    "closed_complaint": N_("Closed a complaint"),
    "drew_sample": N_("Drew a quality sample"),
    "reviewed_quality": N_("Reviewed a conversation"),
    "answered_quality": N_("Answered a review"),
    "saved_criterion": N_("Changed the score card"),
    "retired_criterion": N_("Took a line off the score card"),
    "opened_file": N_("Opened a file"),
    "sent_file": N_("Sent a file"),
    "file_infected": N_("Found a file harmful"),
}

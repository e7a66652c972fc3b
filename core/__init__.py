"""The business of Parley: money, plans, policy, negotiation, dialogue, compliance, wording, storage and actions."""

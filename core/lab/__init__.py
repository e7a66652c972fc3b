"""The lab: simulated debtors bargain with strategies, then live five years. Seeded, and the same for the same seed."""

"""The lab: simulated debtors bargain with strategies, then live a year. Seeded, and the same for the same seed."""

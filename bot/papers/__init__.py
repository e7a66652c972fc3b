"""The copy of an agreed plan, on a page and as PDF."""

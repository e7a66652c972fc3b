"""The tables, how they are migrated, and the rows that actions load and save."""

"""The in-process engine: a sentence encoder and n-grams under one linear head, over the deterministic floor."""

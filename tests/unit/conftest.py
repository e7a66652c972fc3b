"""How thoroughly properties are tried: the default on every run, few examples where mutants are run by the thousand."""

from hypothesis import settings

settings.register_profile("mutation", max_examples=25, derandomize=True, database=None, deadline=None)

"""Checks of the training data: what is written twice, leaks into the tests, is mislabelled, thin or templated."""

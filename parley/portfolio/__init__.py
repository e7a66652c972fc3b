"""Portfolios: files of cases in, and believable ones made up."""

"""The demo: everything in one process, with a portfolio, a team, a past, and six people to be."""

from parley.demo.start import run_demo

__all__ = ["run_demo"]

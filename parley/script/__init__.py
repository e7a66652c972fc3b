"""Scripted debtors: one YAML file is one conversation, played against a fresh embedded instance."""

from parley.script.play import play, play_file

__all__ = ["play", "play_file"]

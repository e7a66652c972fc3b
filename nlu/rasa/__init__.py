"""Rasa as a service: its project, how it is trained and started, and the engine that asks it over HTTP.

Nothing here imports Rasa: it lives in a Python of its own.
"""

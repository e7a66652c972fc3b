"""Telegram."""

from bot.channels.telegram.channel import Telegram, create_telegram

__all__ = ["Telegram", "create_telegram"]

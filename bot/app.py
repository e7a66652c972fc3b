"""The debtor's side, for whoever wires a process together."""

from bot.channels.telegram import Telegram, create_telegram
from bot.channels.terminal import chat
from bot.channels.webchat import WebChannel, create_webchat
from bot.options import BotOptions
from bot.services import BotServices

__all__ = ["BotOptions", "BotServices", "Telegram", "WebChannel", "chat", "create_telegram", "create_webchat"]

"""The ways in which a debtor writes: Telegram, the web chat, a terminal."""

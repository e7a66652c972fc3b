"""What the debtor's side is told once, where the process starts."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.actions.situations import RespondOptions
from core.store.files import MOST_BYTES, Files


@dataclass(frozen=True, slots=True, kw_only=True)
class BotOptions:
    """`public_url` is where debtors reach the web chat, without a slash at its end. `nlu_budget_s` is in seconds.

    `embed_origins` are the web origins whose pages may show the chat in a frame. `files_dir` is where pictures and
    documents that debtors send are kept; it is never served; `scanner` is the command that looks at each of them.
    `link_days` is how long a new chat link opens."""

    public_url: str = "http://127.0.0.1:8010"
    verify_facts: int = 2
    max_tries: int = 3
    offer_days: int = 7
    link_days: int = 14
    nlu_budget_s: float = 2.0
    embed_origins: tuple[str, ...] = ()
    files_dir: Path = Path("var/attachments")
    scanner: tuple[str, ...] = ()
    most_file_bytes: int = MOST_BYTES
    unanswered_after: timedelta = timedelta(seconds=5)
    silent_after: timedelta = timedelta(seconds=60)

    @property
    def files(self) -> Files:
        """The folder of files, with its scanner."""
        return Files(self.files_dir, self.scanner, self.most_file_bytes)

    @property
    def respond(self) -> RespondOptions:
        """What an answer needs of these."""
        return RespondOptions(
            verify_facts=self.verify_facts,
            max_tries=self.max_tries,
            copy_url=f"{self.public_url.rstrip('/')}/p/{{plan}}",
            offer_days=self.offer_days,
        )

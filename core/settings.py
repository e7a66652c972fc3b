"""What a process is told by its environment, read once where it starts: `PARLEY_*` variables and `.env`."""

import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting has an embedded default: one process, SQLite, no server to install.

    `redis_url` None keeps notices in the process. `public_url` is where debtors reach the web chat. `verify_facts` and
    `max_tries` rule the identity check; `link_days` is how long a chat link opens. `nlu_budget_s` is in seconds.
    """

    model_config = SettingsConfigDict(env_prefix="PARLEY_", env_file=".env", extra="ignore")

    database_url: str = "sqlite+aiosqlite:///var/parley.db"
    redis_url: str | None = None
    secret_key: SecretStr | None = None
    public_url: str = "http://127.0.0.1:8010"
    host: str = "127.0.0.1"
    port: int = Field(default=8010, ge=1, le=65535)
    telegram_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_base: str | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    nlu_engine: Literal["local", "rasa"] = "local"
    nlu_url: str | None = None
    nlu_budget_s: float = Field(default=2.0, gt=0)
    verify_facts: int = Field(default=2, ge=1, le=5)
    max_tries: int = Field(default=3, ge=1)
    link_days: int = Field(default=14, ge=1)
    data_dir: Path = Path("var")
    demo: bool = False

    def signing_key(self) -> str:
        """The key that signs cookies and links: the one set, else one generated once into `<data_dir>/secret`."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return _kept_secret(self.data_dir / "secret")


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as new:
            path.chmod(0o600)
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()

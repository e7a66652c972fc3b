"""What a process is told by its environment, read once where it starts: `PARLEY_*` variables and `.env`."""

import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

RoleName = Literal["agent", "supervisor", "manager", "compliance", "admin", "auditor"]
_CHECKOUT = Path(__file__).resolve().parents[1]
_HOME = _CHECKOUT if (_CHECKOUT / "pyproject.toml").exists() else Path()


class Settings(BaseSettings):
    """Every setting has an embedded default: one process, SQLite, no server to install.

    `redis_url` None keeps notices in the process. `public_url` is where debtors reach the web chat. `verify_facts`
    and `max_tries` rule the identity check; `link_days` is how long a chat link opens. `nlu_budget_s` is in seconds,
    and `rasa_timeout_s`, what the engine `rasa` may wait for its server at `rasa_url`, should be well below it.
    `data_dir` holds the embedded database, the trained understanding and generated secrets; from a checkout it is its
    `var`, whatever the working directory. `embed_origins` (a JSON list) may show the chat in a frame. Without
    `four_eyes` a manager may approve their own limits. `lab_processes` is how many simulate at once what limits would
    change. `metrics_token` opens `/metrics`, which is closed without one. The team signs in through the provider at
    `oidc_issuer` where one is set; `oidc_roles` maps the values of the claim `oidc_role_claim` to roles, the first
    that fits. `webhooks_anywhere` lets webhooks go to private addresses and without TLS. `attachments_dir` is
    `attachments` in `data_dir` where none is set; `attachment_scanner` (a JSON list) is a command that is given the
    path of each file and ends with 0 for a clean one, with 1 for one that must not be opened.
    """

    model_config = SettingsConfigDict(env_prefix="PARLEY_", env_file=".env", env_ignore_empty=True, extra="ignore")

    data_dir: Path = _HOME / "var"
    database_url: str = ""
    redis_url: str | None = None
    secret_key: SecretStr | None = None
    public_url: str = "http://127.0.0.1:8010"
    host: str = "127.0.0.1"
    port: int = Field(default=8010, ge=1, le=65535)
    telegram_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_base: str | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    nlu_budget_s: float = Field(default=2.0, gt=0)
    nlu_engine: Literal["local", "rasa"] = "local"
    rasa_url: str | None = None
    rasa_timeout_s: float = Field(default=1.0, gt=0)
    verify_facts: int = Field(default=2, ge=1, le=5)
    max_tries: int = Field(default=3, ge=1)
    link_days: int = Field(default=14, ge=1)
    embed_origins: tuple[str, ...] = ()
    four_eyes: bool = True
    lab_processes: int = Field(default=2, ge=1)
    metrics_token: SecretStr | None = None
    attachments_dir: Path | None = None
    attachment_scanner: tuple[str, ...] = ()
    attachment_most_bytes: int = Field(default=10 * 1024 * 1024, ge=1024, le=20 * 1024 * 1024)
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str | None = None
    oidc_role_claim: str = "groups"
    oidc_roles: dict[str, RoleName] = {}
    oidc_domains: tuple[str, ...] = ()
    oidc_create: bool = False
    oidc_passwords: Literal["all", "admins"] = "all"
    webhooks_anywhere: bool = False

    @model_validator(mode="after")
    def _default_database(self) -> Self:
        if not self.database_url:
            self.database_url = f"sqlite+aiosqlite:///{self.data_dir / 'parley.db'}"
        return self

    @model_validator(mode="after")
    def _whole_sign_on(self) -> Self:
        if self.oidc_issuer is not None and self.oidc_client_id is None:
            raise ValueError("Set PARLEY_OIDC_CLIENT_ID too: the identity provider knows the console by it.")
        if self.oidc_create and not self.oidc_roles:
            raise ValueError("Set PARLEY_OIDC_ROLES too: an account that is made needs a role.")
        return self

    @property
    def files_dir(self) -> Path:
        """Where the files of conversations are kept."""
        return self.attachments_dir or self.data_dir / "attachments"

    def prepare(self) -> None:
        """Makes the folders that this installation writes to."""
        self.data_dir.mkdir(parents=True, exist_ok=True)

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

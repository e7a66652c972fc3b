"""What the console is made of; the process that starts it decides."""

from dataclasses import dataclass

from core.live import Notices
from core.work import Works


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleServices:
    """`public_url` is where browsers find the console; `secret_key` signs cookies; `secure_cookies` under https.

    Without `four_eyes` who wrote a version of the limits may approve it.
    """

    works: Works
    notices: Notices
    public_url: str
    secret_key: str
    secure_cookies: bool = False
    four_eyes: bool = True

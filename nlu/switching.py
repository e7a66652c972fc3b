"""An engine that can be changed for another while messages are being read."""

from core.dialogue.understanding import Understanding
from nlu.engine import Context, Engine


class SwitchingEngine:
    """Reads with the engine that it was given last. A message under way is finished by the engine that began it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def version(self) -> str:
        return self._engine.version

    def switch(self, engine: Engine) -> None:
        """From the next message on, read with this one."""
        self._engine = engine

    def parse(self, text: str, context: Context) -> Understanding:
        return self._engine.parse(text, context)

"""A plan's copy as PDF, set by typst with fonts that come along, so that Chinese is right on any machine."""

import asyncio
import json
from collections import OrderedDict
from importlib import resources
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from bot.papers.agreement import Paper

_MOST_KEPT = 64


class Press:
    """Sets papers, and keeps the last few: what says the same is set once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def pdf(self, paper: Paper) -> bytes:
        """The paper as PDF."""
        data = json.dumps(paper.to_json(), ensure_ascii=False, sort_keys=True)
        if data not in self._kept:
            self._kept[data] = await asyncio.to_thread(_set, data)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(data)
        return self._kept[data]


def _set(data: str) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[Path(str(pylopdf_fonts_zh_cn.sans_path())).parent],
    )
    template = resources.files("bot.papers").joinpath("agreement.typ").read_bytes()
    return typst.compile(template, format="pdf", font_paths=fonts, sys_inputs={"paper": data})

"""Decision to text: the reviewed catalogue of everything that a debtor reads, and how its values are shown."""

from core.wording.render import Rendered, catalogue, date_text, discloses, money_text, product_name, render, say

__all__ = ["Rendered", "catalogue", "date_text", "discloses", "money_text", "product_name", "render", "say"]

"""Finding words anywhere in a text, fast on both databases.

PostgreSQL looks in an index of the grams of each text (`parley_grams`, made by the migration), which the grams of the
words must all be among; SQLite reads the texts. Either way each text is then compared with the words themselves.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

MOST_TERMS = 6
LONGEST_TERM = 60
_RUN = re.compile(r"[a-z0-9]+|[^\x00-\x7f]+")
_BETWEEN = re.compile(r"[\s().-]")
_ASCII = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed: `terms` each have to be found, those too short to look for left out; `compact` is all of it as a
    telephone number or an e-mail address is kept, empty where it is too short for one."""

    terms: tuple[str, ...]
    compact: str

    @classmethod
    def read(cls, typed: str) -> "Sought":
        """From a field."""
        plain = typed.replace("\x00", " ").translate(_ASCII)
        words = dict.fromkeys(word[:LONGEST_TERM] for word in plain.split())
        compact = ("".join(plain.split()) if "@" in plain else _BETWEEN.sub("", plain))[:LONGEST_TERM]
        return cls(tuple(word for word in words if grams_of(word))[:MOST_TERMS], compact if len(compact) >= 3 else "")


def grams_of(term: str) -> frozenset[str]:
    """What a text that contains the term has among its grams; of a term shorter than a gram, what its words begin with.

    A gram is three letters or digits, or two characters of any other script. Nothing for a single letter or digit.
    """
    found: set[str] = set()
    short: set[str] = set()
    for run in _RUN.findall(term.translate(_ASCII)):
        size = 3 if run.isascii() else 2
        if len(run) >= size:
            found |= {run[place : place + size] for place in range(len(run) - size + 1)}
        elif len(run) == size - 1:
            short.add(run)
    return frozenset(found or short)


def has_words(column: Any, terms: Sequence[str]) -> ColumnElement[bool]:
    """Each of the terms of a `Sought` stands in the column, capital or small; looked up in the index."""
    grams = sorted(frozenset[str]().union(*(grams_of(term) for term in terms)))
    return and_(_InIndex(column, grams) if grams else true(), contains(column, terms))


def contains(column: Any, terms: Sequence[str]) -> ColumnElement[bool]:
    """The same, where the rows are few and no index is needed."""
    return and_(true(), *(_Folded(column).contains(term, autoescape=True) for term in terms))


class _Folded(FunctionElement[str]):
    """Latin capitals as small letters, whatever the database's language is."""

    inherit_cache = True
    type = Text()


class _InIndex(FunctionElement[bool]):
    """Whether the grams of a column hold all of these; the planner is shown them, to know how rare they are."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: Any, grams: Sequence[str]) -> None:
        words = bindparam(None, list(grams), type_=ARRAY(Text()), literal_execute=True, unique=True)
        super().__init__(column, cast(words, ARRAY(Text())))


@compiles(_Folded)
def _folded(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(_Folded, "postgresql")
def _folded_postgresql(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    return f'lower({compiler.process(element.clauses, **options)} COLLATE "C")'


@compiles(_InIndex)
def _in_index(_element: _InIndex, _compiler: SQLCompiler, **_options: Any) -> str:
    return "1 = 1"


@compiles(_InIndex, "postgresql")
def _in_index_postgresql(element: _InIndex, compiler: SQLCompiler, **options: Any) -> str:
    column, grams = element.clauses
    return f"parley_grams({compiler.process(column, **options)}) @> {compiler.process(grams, **options)}"

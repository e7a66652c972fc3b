"""Who is given which conversation, when they are there, and what a debtor may be told of the queue. Pure."""

from core.staffing.choose import Agent, Choice, Routing, TeamNow, Waiting, choose, next_turn
from core.staffing.patience import PRESENT_FOR, Late, Patience, is_gone, is_here, late
from core.staffing.place import Place, place_of
from core.staffing.rota import Rota
from core.staffing.serving import Serves, serving
from core.staffing.skills import LANGUAGES, SKILLS, Skill, demanded
from core.staffing.targets import TargetBook, Targets

__all__ = [
    "LANGUAGES",
    "PRESENT_FOR",
    "SKILLS",
    "Agent",
    "Choice",
    "Late",
    "Patience",
    "Place",
    "Rota",
    "Routing",
    "Serves",
    "Skill",
    "TargetBook",
    "Targets",
    "TeamNow",
    "Waiting",
    "choose",
    "demanded",
    "is_gone",
    "is_here",
    "late",
    "next_turn",
    "place_of",
    "serving",
]

"""Words of the plan desk."""

from collections.abc import Mapping

from console.i18n import N_

COMPONENTS: Mapping[str, str] = {
    "principal": N_("Principal"),
    "interest": N_("Interest"),
    "fees": N_("Fees"),
    "penalty": N_("Penalty for paying late"),
    "costs": N_("Costs of recovery"),
}

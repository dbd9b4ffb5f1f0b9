"""The scorecard of the partnership between a health system and its schools: what each measure counts, by school, site and term.

Nothing is decided here: figures are read off schedules as the verifier sees them, the table `history`, and files of
outcomes.
"""

from typing import Literal, get_args

#: What a scorecard can be written as.
Form = Literal["csv", "xlsx", "html", "json", "svg", "png"]
FORMS: tuple[Form, ...] = get_args(Form)

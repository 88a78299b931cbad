"""What is seen and clicked. The only package that knows about widgets.

What is on the screen is a function of the answers: one observer reads every field, asks which
questions matter now, and shows the whole again.
"""

from .form import Form
from .rulebook import RuleBook
from .scenarios import Scenarios
from .screening import Screening
from .workbook import Workbook, plan_form

__all__ = ["Form", "RuleBook", "Scenarios", "Screening", "Workbook", "plan_form"]

"""Turn a case and a day into a plan. Pure: the same case on the same day gives the same plan."""

from .plan import build_plan

__all__ = ["build_plan"]

"""`python -m secondopinion` is the same as `secondopinion`."""

from .cli import main

main()

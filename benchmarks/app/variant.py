"""Serve the workbook with less of what makes it quick, to see what each part of that is worth.

`python -m benchmarks.app.variant PORT [unready] [unforked]`: with no page made ready beforehand,
and with ordinary processes in place of forked ones.
"""

import sys

from secondopinion.server import kernels, nursery, serve, visits


def main(port: str, *less: str) -> None:
    """Take away what is named, and serve."""
    if "unready" in less:
        visits.READY = 0
    if "unforked" in less:
        for module in (nursery, kernels):
            vars(module)["can_fork"] = lambda: False
    serve(int(port), open_browser=False)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`python -m benchmarks.app`: the served workbook beside its peers, measured in one run."""

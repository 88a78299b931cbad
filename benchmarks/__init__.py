"""How fast the workbook is, beside its peers: `make bench` and `make bench-app`."""

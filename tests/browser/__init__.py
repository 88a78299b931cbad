"""The tests that look at the workbook through a real browser."""

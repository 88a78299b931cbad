"""Turn the YAML files that people edit into the one fast file that the workbook reads."""

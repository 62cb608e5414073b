"""Evaluation: questions with gold quotes, measures, and the report. `python -m eval` runs it."""

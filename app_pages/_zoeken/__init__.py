"""Zoeken: the question box, the answer, hits, filters, why something was found, and feedback."""

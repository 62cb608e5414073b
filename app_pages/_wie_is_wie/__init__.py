"""Wie is wie: everyone whom the sources name in a public role."""

"""Bronnen: the ledger for everyone, and what the last runs brought."""

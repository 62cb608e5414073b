"""Portefeuilles, Eerste dag and the dwarsverbanden between them."""

"""Beheer: who may enter, sources and register, uploads, runs, begrippen and the figures of use."""

"""Benchmarks: how fast, and how good beside other engines."""

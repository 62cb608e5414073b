"""Our search beside the engines that a user would pick instead: same passages, same vectors, same questions, same run.

protocol.py and engines.py also run in the peers' own environment, so they import nothing of ours but each other.
"""

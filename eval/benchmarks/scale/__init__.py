"""How search holds as a corpus grows: latency, recall, memory, opening and disk, beside other engines.

engines.py and plot.py also run in the peers' own environment, so they import nothing of ours but the peers' modules.
"""

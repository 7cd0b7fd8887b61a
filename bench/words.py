"""The words that the seeded texts are made of."""

TEXT = """
quota disk replica certificate latency queue broker shard cursor socket tenant kernel
cluster backup snapshot volume ingress gateway token session cache index planner vacuum
"""
WORDS = TEXT.split()

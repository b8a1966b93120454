"""Frozen msgspec types without I/O: contract, suite, plan, result, events, dataset; json.py, the one exact codec."""

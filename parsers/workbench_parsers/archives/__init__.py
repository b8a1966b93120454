"""Reads zip archives, and archives inside them, within bounds and without ever writing to disk."""

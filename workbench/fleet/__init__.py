"""The room of the fleet: who runs plans. So far that is this process (local.py)."""

"""What a registry holds, and why a call found nobody: readers for ZooKeeper and for files, one view for all.

The only room that knows kazoo. `readers.read_registry` is the door.
"""

"""What a user would say: import an artifact, launch a run, read a report. CLI and API call only these."""

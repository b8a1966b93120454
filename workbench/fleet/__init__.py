"""The room of the fleet: dispatcher, hash routing, schedules. Nothing lives here yet."""

"""The room of provider coverage: JaCoCo dumps and reports. Nothing lives here yet."""

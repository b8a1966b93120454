"""The room of the web application. Nothing lives here yet."""

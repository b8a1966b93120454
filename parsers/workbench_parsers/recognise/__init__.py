"""The rules by which a service is known: annotation, Spring XML, the look of an API jar, or being named."""

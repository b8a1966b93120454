"""The `$app` library: one module a group, found by the loader through the package's entry point.

Every public function here is a keyword. Its docstring is its documentation: a sentence, what the parameters mean,
examples that a test runs (`→` gives the exact result, `≈` one of the same kind).
"""

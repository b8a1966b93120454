"""The web application: `workbench serve`, the HTTP API under /api/v1, its OpenAPI document and event streams.

Handlers in `routes/` take typed values and call use cases; what HTTP is made of stands in the modules beside it.
"""

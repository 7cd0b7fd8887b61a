"""The manners of the API that all apps share (see docs/api): one module for each.

`views.ApiView` is the base of every API view; it needs `area`, `permissions` and handlers.
"""

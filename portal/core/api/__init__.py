"""The manners of the API that all apps share (see docs/api/manners.md): one module for each.

`rows` declares what is said of a row, `answers.AnsweringView` lists and finds rows,
`verbs.VerbView` does one verb; `views.ApiView` is the base of every view: it needs `area`,
`permissions` and handlers.
"""

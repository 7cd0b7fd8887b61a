"""Pages of runbooks, by what people do there."""

"""Where staff write, review and publish runbooks."""

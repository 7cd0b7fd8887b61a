"""Connections that the portal opens to others: each goes to an address that was checked."""

"""How a message leaves the portal."""

"""Questions and stuck reports as pages."""

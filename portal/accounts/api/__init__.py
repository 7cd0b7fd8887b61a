"""Teams through the API, and keys that let a request be sent again."""

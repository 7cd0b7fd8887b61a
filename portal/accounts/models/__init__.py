from .teams import Team
from .tokens import Token
from .users import User

__all__ = ["Team", "Token", "User"]

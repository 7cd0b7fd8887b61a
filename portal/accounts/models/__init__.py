from .replays import Replay
from .teams import Team
from .tokens import Token
from .users import User

__all__ = ["Replay", "Team", "Token", "User"]

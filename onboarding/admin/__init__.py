from . import measuring as measuring

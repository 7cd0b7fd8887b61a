from tests.onboarding.conftest import first_day, picture_of, published  # noqa: F401
from tests.runbooks.conftest import bearer, disk, publish  # noqa: F401

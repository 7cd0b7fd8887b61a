from tests.runbooks.conftest import bearer, disk, publish  # noqa: F401

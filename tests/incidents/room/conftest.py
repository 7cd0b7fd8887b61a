from tests.runbooks.conftest import disk, make_disk, publish, publish_new  # noqa: F401

"""Services, dependencies, zones, integrations and configuration: the catalog."""

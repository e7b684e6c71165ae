"""The typed layer of the java package."""

from generators.model import Api


def files(api: Api) -> dict[str, str]:
    return {}

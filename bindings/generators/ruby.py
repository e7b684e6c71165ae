"""The typed layer of the ruby package."""

from generators.model import Api


def files(api: Api) -> dict[str, str]:
    return {}

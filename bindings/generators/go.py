"""The typed layer of the go package."""

from generators.model import Api


def files(api: Api) -> dict[str, str]:
    return {}

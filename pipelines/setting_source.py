"""Where the settings' library takes its values from: a mapping. Not the environment: that is `pipelines.settings`."""

from collections.abc import Mapping

from pydantic_settings import BaseSettings, EnvSettingsSource


class MappingSource(EnvSettingsSource):
    """Reads a mapping that was handed in instead of the process's environment."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, str]) -> None:
        """Take names and values; empty ones count as not given."""
        self._values = {name.lower(): value for name, value in values.items() if value.strip()}
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        """Return the mapping; names in lower case, as the library compares them."""
        return dict(self._values)

"""What the suite and its environment say."""

from workbench.errors import ConfigMissingError
from workbench.model.json import Json
from workbench.model.near import did_you_mean
from workbench.plugin_api import StepScope, keyword

GROUP = "config"


@keyword(GROUP)
def getConfig(scope: StepScope, key: str, *default: Json) -> Json:
    """Give the environment's value of a config key.

    An unknown key is an error that is found before the run starts, unless a default is given.

    key: the name in suite.yaml, under `config`
    default: what to give when the key is not set

    Example: $app.getConfig("shipUrl") → "http://ship.test"
    Example: $app.getConfig("retries", 3) → 3
    """
    if key in scope.config:
        return scope.config[key]
    if default:
        return default[0]
    raise ConfigMissingError(f"the config has no key {key!r}", hint=did_you_mean(key, scope.config))


@keyword(GROUP)
def getEnvironment(scope: StepScope) -> str:
    """Give the name of the environment the run goes to.

    Example: $app.getEnvironment() → "test"
    """
    return scope.environment

"""Every setting of the site.

Two ways to run, told apart by ``DATABASE_URL``: without it the project starts its own PostgreSQL and Valkey
(try it, develop, test); with it this is production and everything comes from the environment (docs/deploy.md).
"""

from crm.settings.api import *  # noqa: F403
from crm.settings.data import *  # noqa: F403
from crm.settings.delivery import *  # noqa: F403
from crm.settings.environment import *  # noqa: F403
from crm.settings.machines import *  # noqa: F403
from crm.settings.people import *  # noqa: F403
from crm.settings.site import *  # noqa: F403

"""Doors for machines: whom webhooks may call, and signing in with the house's OpenID Connect provider."""

from crm.settings.environment import TESTING, env

WEBHOOK_INTERNAL_HOSTS: list[str] = env.list("WEBHOOK_INTERNAL_HOSTS", default=[])
"""Hosts of one's own network that webhooks may call, also by http: `host` or `host:port`, each by name."""
WEBHOOK_CA_FILE = env.str("WEBHOOK_CA_FILE", "")
"""Certificates of one's own authority, for receivers inside the house."""
DISPATCHER_PARTS = ["sync.webhooks.service.Service"]
"""What the dispatcher does beside ringing the worker: each part in a thread of its own."""
BULK_LANE = max(1, env.int("WEB_THREADS", 4) // 2)
"""So many bulk calls a web process serves at once; the other threads are left to people and single calls."""

OIDC_URL = env.str("OIDC_URL", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLAIM = env.str("OIDC_CLAIM", "preferred_username")
"""Which claim of the provider holds the staff number."""
OIDC_NAME = env.str("OIDC_NAME", "")
"""What the button on the sign-in page is called; empty: "the company account"."""
OIDC_ORIGINS: list[str] = env.list("OIDC_ORIGINS", default=[])
"""Where the provider's sign-in page is, when that is another host than the one of OIDC_URL."""
OIDC = bool(OIDC_URL) or TESTING

SOCIALACCOUNT_ADAPTER = "crm.core.oidc.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "house",
                "name": OIDC_NAME or "OpenID Connect",
                "client_id": OIDC_CLIENT_ID,
                "secret": env.str("OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_URL, "fetch_userinfo": env.bool("OIDC_USERINFO", True)},
            }
        ]
        if OIDC_URL
        else [],
    }
}

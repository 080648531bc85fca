"""The base of every API route: sign-in, permission, strict input, problem+json, keyset pages (sync-api)."""

-- The two roles of the database (safety 1.4). Run once per database, as its superuser, before the first migrate.
-- crm_owner makes and changes tables; crm_app, the application, reads and writes rows and can do nothing else.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'crm_owner') THEN CREATE ROLE crm_owner LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'crm_app') THEN CREATE ROLE crm_app LOGIN; END IF;
END $$;
GRANT crm_app TO crm_owner;

-- Limits of a session. The web asks for tighter ones when it connects; a night's step lifts its own.
ALTER ROLE crm_app SET statement_timeout = '60s';
ALTER ROLE crm_app SET lock_timeout = '5s';
ALTER ROLE crm_app SET idle_in_transaction_session_timeout = '60s';

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO crm_app;
ALTER DEFAULT PRIVILEGES FOR ROLE crm_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO crm_app;
ALTER DEFAULT PRIVILEGES FOR ROLE crm_owner GRANT USAGE, SELECT ON SEQUENCES TO crm_app;

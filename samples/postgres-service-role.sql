-- The role that the service works under: it owns nothing that others made, and `counterfoil migrate` gives it what it needs. Run by who may
-- make roles, as often as one likes; the password comes as the setting counterfoil.service_password.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'counterfoil_service') THEN
    CREATE ROLE counterfoil_service;
  END IF;
  EXECUTE format(
    'ALTER ROLE counterfoil_service LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L',
    current_setting('counterfoil.service_password')
  );
END $$;

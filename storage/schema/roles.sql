-- Run once per cluster by a superuser (deploy/ and the test clusters do), before `yagura migrate`. Everything may be run again.
-- yagura_owner owns schema and tables and runs migrations; no process connects as it otherwise.
-- No role but yagura_owner owns anything; none has BYPASSRLS but yagura_record, yagura_keep and yagura_admin, which serve no person's
-- request.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['yagura_owner', 'yagura_record', 'yagura_api', 'yagura_media', 'yagura_keep', 'yagura_admin'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', wanted);
    END IF;
  END LOOP;
END $$;
ALTER ROLE yagura_owner  NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE yagura_record NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
ALTER ROLE yagura_keep   NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
ALTER ROLE yagura_api    NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE yagura_media  NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE yagura_admin  NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
-- Parameters are names, tokens' hashes and answers to challenges: they stay out of the server's log, also where a statement is slow
-- or fails.
DO $$
DECLARE
  service text;
BEGIN
  FOREACH service IN ARRAY ARRAY['yagura_owner', 'yagura_record', 'yagura_api', 'yagura_media', 'yagura_keep', 'yagura_admin'] LOOP
    EXECUTE format('ALTER ROLE %I SET log_parameter_max_length = 0', service);
    EXECUTE format('ALTER ROLE %I SET log_parameter_max_length_on_error = 0', service);
  END LOOP;
END $$;
-- Requests are short; compiling their row security's plans would take a hundred times as long as running them.
ALTER ROLE yagura_api   SET jit = off;
ALTER ROLE yagura_media SET jit = off;

-- As in 0004, but the terminal's tokens are asked first: a terminal that has none left leaves no row for each name that it invents. Where
-- the account has none, the terminal gets its own back.
CREATE OR REPLACE FUNCTION sign_in_challenge(username text, terminal text, OUT limited boolean, OUT attempt uuid, OUT challenge text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  account_key   text := encode(sha256(convert_to('account ' || terminal || E'\n' || username, 'UTF8')), 'hex');
  terminal_key  text := 'terminal ' || terminal;
  known         person;
  guess         record;
  salt          text;
BEGIN
  DELETE FROM sign_in_attempt WHERE made_at < clock_timestamp() - interval '10 minutes';
  DELETE FROM guess_bucket WHERE filled_at < clock_timestamp() - interval '1 day';
  SELECT * INTO known FROM person WHERE person.username = sign_in_challenge.username;

  guess := take_guess(terminal_key, 60, interval '10 seconds');
  IF guess.taken THEN
    guess := take_guess(account_key, 5, interval '2 minutes');
    IF NOT guess.taken THEN
      UPDATE guess_bucket SET tokens = tokens + 1 WHERE key = terminal_key;
    END IF;
  END IF;
  limited := NOT guess.taken;
  IF limited THEN
    IF guess.newly_refused THEN
      PERFORM audit_append('sign_in_limited', jsonb_build_object('person', known.id, 'terminal', terminal)::text);
    END IF;
    RETURN;
  END IF;

  INSERT INTO sign_in_attempt (person_id, account, terminal) VALUES (known.id, account_key, terminal) RETURNING id INTO attempt;
  challenge := regexp_replace(known.password_hash, '\$[^$]*$', '');
  IF known.id IS NULL THEN  -- 16 bytes of salt in base64, always the same for the same name
    salt := encode(sha256(convert_to((SELECT secret FROM sign_in_secret) || username, 'UTF8')), 'base64');
    challenge := '$argon2id$v=19$m=65536,t=2,p=1$' || left(salt, 21) || 'A';
  END IF;
END $$;

-- Who holds which post: for the heads of a department in it and below, for administrators everywhere; as long as it holds, or before.
-- Beside oneself.
CREATE FUNCTION staff_units() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (
    WITH RECURSIVE
      mine AS MATERIALIZED (SELECT * FROM context_posts()),
      listed (id) AS (
        SELECT unit_id FROM mine WHERE post IN ('department_head', 'general_manager')
        UNION SELECT unit.id FROM unit WHERE EXISTS (SELECT FROM mine WHERE post = 'administrator')
        UNION SELECT unit.id FROM listed JOIN unit ON unit.parent_id = listed.id)
    SELECT coalesce(array_agg(id), '{}') FROM listed);
END $$;
GRANT EXECUTE ON FUNCTION staff_units TO yagura_api;

CREATE POLICY staff ON assignment FOR SELECT TO yagura_api
  USING (unit_id = ANY ((SELECT staff_units())::uuid[]) AND (SELECT context_as_of()) < valid_to);
CREATE POLICY staff ON person FOR SELECT TO yagura_api
  USING (EXISTS (SELECT FROM assignment WHERE assignment.person_id = person.id));

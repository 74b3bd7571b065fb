-- What a camera shows now: a row for each camera that the person of the request may watch, by the unit that is in charge at this
-- moment, never by one before; with the instant from which on its pictures are that unit's. As for footage, it is computed anew from
-- the tables: the view is the owner's, reads past the policies on them, and shows nothing without a request's context. A staged
-- camera, once operations may watch it, gets its rows here.
CREATE VIEW live_camera WITH (security_barrier) AS
  SELECT charge.camera_id, charge.unit_id, greatest(charge.valid_from, state.valid_from) AS since
  FROM charge JOIN camera_state AS state USING (camera_id)
  WHERE charge.unit_id = ANY ((SELECT picture_units())::uuid[]) AND state.state = 'in_service'
    AND charge.valid_from <= (SELECT context_as_of()) AND (SELECT context_as_of()) < charge.valid_to
    AND state.valid_from <= (SELECT context_as_of()) AND (SELECT context_as_of()) < state.valid_to;
GRANT SELECT ON live_camera TO yagura_media;

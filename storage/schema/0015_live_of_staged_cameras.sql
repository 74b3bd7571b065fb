-- What a staged camera shows now, for operations, whoever is in charge of it: from the instant on at which it was staged. Cameras in
-- service as before.
CREATE OR REPLACE VIEW live_camera WITH (security_barrier) AS
  SELECT charge.camera_id, charge.unit_id, greatest(charge.valid_from, state.valid_from) AS since
  FROM charge JOIN camera_state AS state USING (camera_id)
  WHERE charge.unit_id = ANY ((SELECT picture_units())::uuid[]) AND state.state = 'in_service'
    AND charge.valid_from <= (SELECT context_as_of()) AND (SELECT context_as_of()) < charge.valid_to
    AND state.valid_from <= (SELECT context_as_of()) AND (SELECT context_as_of()) < state.valid_to
  UNION ALL
  SELECT state.camera_id, charge.unit_id, state.valid_from
  FROM camera_state AS state LEFT JOIN charge ON charge.camera_id = state.camera_id
    AND charge.valid_from <= (SELECT context_as_of()) AND (SELECT context_as_of()) < charge.valid_to
  WHERE state.state = 'staged' AND EXISTS (SELECT FROM context_posts() WHERE post = 'operations')
    AND state.valid_from <= (SELECT context_as_of()) AND (SELECT context_as_of()) < state.valid_to;

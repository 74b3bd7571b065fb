#include "office/statements.h"

namespace yagura::office {
namespace {

constexpr const char* kInsertSites = R"(
  INSERT INTO site (id, code, name)
  SELECT gen_random_uuid(), code, name FROM unnest($1::text[], $2::text[], $3::text[]) AS new (code, name, ordinal)
  RETURNING jsonb_build_object('site', id))";
constexpr const char* kInsertBuildings = R"(
  INSERT INTO building (id, site_id, code, name)
  SELECT gen_random_uuid(), site.id, split_part(new.code, '/', 2), new.name
  FROM unnest($1::text[], $2::text[], $3::text[]) AS new (code, name, ordinal)
  JOIN site ON site.code = split_part(new.code, '/', 1)
  RETURNING jsonb_build_object('building', id))";
constexpr const char* kInsertFloors = R"(
  INSERT INTO floor (id, building_id, code, name, ordinal)
  SELECT gen_random_uuid(), building.id, split_part(new.code, '/', 3), new.name, new.ordinal::integer
  FROM unnest($1::text[], $2::text[], $3::text[]) AS new (code, name, ordinal)
  JOIN site ON site.code = split_part(new.code, '/', 1)
  JOIN building ON building.site_id = site.id AND building.code = split_part(new.code, '/', 2)
  RETURNING jsonb_build_object('floor', id))";

constexpr const char* kUpdateSite = R"(
  UPDATE site SET name = $2 WHERE code = $1 AND $3::text IS NULL RETURNING jsonb_build_object('site', id))";
constexpr const char* kUpdateBuilding = R"(
  UPDATE building SET name = $2 FROM site
  WHERE site.id = site_id AND site.code || '/' || building.code = $1 AND $3::text IS NULL
  RETURNING jsonb_build_object('building', building.id))";
constexpr const char* kUpdateFloor = R"(
  UPDATE floor SET name = $2, ordinal = $3::integer FROM building, site
  WHERE building.id = building_id AND site.id = site_id
    AND site.code || '/' || building.code || '/' || floor.code = $1
  RETURNING jsonb_build_object('floor', floor.id))";

constexpr const char* kInsertUnits = R"(
  WITH new AS MATERIALIZED (
    SELECT gen_random_uuid() AS id, *
    FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[])
      AS new (code, above, name, valid_from, valid_to, successors)),
  known AS (SELECT id, code FROM new UNION ALL SELECT id, code FROM unit),
  added AS (
    INSERT INTO unit (id, parent_id, code, name, valid_from, valid_to)
    SELECT new.id, above.id, new.code, new.name, coalesce(new.valid_from, '-infinity'), coalesce(new.valid_to, 'infinity')
    FROM new LEFT JOIN known AS above ON above.code = new.above
    RETURNING id, valid_from, valid_to),
  named AS (
    INSERT INTO unit_succession (unit_id, successor_id)
    SELECT new.id, known.id FROM new JOIN known ON known.code = ANY (string_to_array(new.successors, ' '))
    RETURNING unit_id, successor_id)
  SELECT jsonb_build_object('unit', id, 'from', valid_from, 'to', valid_to, 'successors',
    (SELECT coalesce(jsonb_agg(successor_id), '[]') FROM named WHERE unit_id = id)) FROM added)";
constexpr const char* kUpdateUnit = R"(
  WITH
    changed AS (
      UPDATE unit SET parent_id = (SELECT id FROM unit WHERE code = $2), name = $3, valid_to = coalesce($5::timestamptz, 'infinity')
      WHERE code = $1 AND valid_from = coalesce($4::timestamptz, '-infinity')
      RETURNING id, parent_id, valid_to),
    wanted AS (
      SELECT changed.id AS unit_id, unit.id AS successor_id
      FROM changed JOIN unit ON unit.code = ANY (string_to_array($6::text, ' '))),
    unnamed AS (
      DELETE FROM unit_succession
      WHERE unit_id IN (SELECT id FROM changed) AND successor_id NOT IN (SELECT successor_id FROM wanted)),
    named AS (INSERT INTO unit_succession SELECT unit_id, successor_id FROM wanted ON CONFLICT DO NOTHING)
  SELECT jsonb_build_object('unit', id, 'parent', parent_id, 'to', valid_to, 'successors',
    (SELECT coalesce(jsonb_agg(successor_id), '[]') FROM wanted)) FROM changed)";

// The hash is one that no password has: of the right form, with random salt and digest.
constexpr const char* kInsertPeople = R"(
  INSERT INTO person (id, username, name, disabled_at, password_hash)
  SELECT gen_random_uuid(), username, name, disabled_at, '$argon2id$v=19$m=65536,t=2,p=1$'
    || rtrim(encode(uuid_send(gen_random_uuid()), 'base64'), '=') || '$'
    || rtrim(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'), '=')
  FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS new (username, name, disabled_at)
  RETURNING jsonb_build_object('person', id))";
constexpr const char* kUpdatePerson = R"(
  UPDATE person SET name = $2, disabled_at = $3::timestamptz WHERE username = $1
  RETURNING jsonb_build_object('person', id, 'disabled_at', disabled_at))";

constexpr const char* kInsertAssignments = R"(
  INSERT INTO assignment (id, person_id, post, unit_id, valid_from, valid_to)
  SELECT gen_random_uuid(), person.id, new.post, unit.id, new.valid_from, coalesce(new.valid_to, 'infinity')
  FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
    AS new (username, post, unit, valid_from, valid_to)
  JOIN person USING (username) JOIN unit ON unit.code = new.unit
  RETURNING jsonb_build_object('assignment', id, 'person', person_id, 'post', post, 'unit', unit_id, 'from', valid_from,
                               'to', valid_to))";
constexpr const char* kUpdateAssignment = R"(
  UPDATE assignment SET valid_to = coalesce($5::timestamptz, 'infinity') FROM person, unit
  WHERE person.id = person_id AND unit.id = unit_id AND username = $1 AND post = $2 AND unit.code = $3
    AND assignment.valid_from = $4::timestamptz
  RETURNING jsonb_build_object('assignment', assignment.id, 'to', assignment.valid_to))";

constexpr const char* kInsertPhases = R"(
  INSERT INTO phase (id, code, name, starts_at)
  SELECT gen_random_uuid(), code, name, starts_at
  FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS new (code, name, starts_at)
  RETURNING jsonb_build_object('phase', id, 'starts', starts_at))";
constexpr const char* kUpdatePhase = R"(
  UPDATE phase SET name = $2, starts_at = $3::timestamptz WHERE code = $1
  RETURNING jsonb_build_object('phase', id, 'starts', starts_at))";

constexpr const char* kInsertCameras = R"(
  WITH
    new AS (
      SELECT gen_random_uuid() AS id, *
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
        AS new (code, name, phase_code, url, transport, sub_url, record_sub)),
    added AS (
      INSERT INTO camera (id, code, name, phase_id)
      SELECT new.id, new.code, new.name, phase.id FROM new LEFT JOIN phase ON phase.code = phase_code
      RETURNING id, phase_id),
    streams AS (
      INSERT INTO camera_stream (camera_id, stream, url, transport) SELECT id, 'main', url, transport FROM new
      RETURNING camera_id, transport),
    subs AS (
      INSERT INTO camera_stream (camera_id, stream, url, transport, record_sub)
      SELECT id, 'sub', sub_url, transport, record_sub = 'yes' FROM new WHERE sub_url <> '-'
      RETURNING camera_id, record_sub)
  SELECT jsonb_build_object('camera', id, 'phase', phase_id, 'transport', transport,
    'sub_stream', record_sub IS NOT NULL, 'sub_stream_recorded', coalesce(record_sub, false))
  FROM added JOIN streams ON streams.camera_id = id LEFT JOIN subs ON subs.camera_id = id)";
constexpr const char* kUpdateCamera = R"(
  WITH
    changed AS (
      UPDATE camera SET name = $2, phase_id = (SELECT id FROM phase WHERE code = $3) WHERE code = $1 RETURNING id, phase_id),
    stream AS (
      UPDATE camera_stream SET url = $4, transport = $5
      FROM changed JOIN camera_stream AS before ON before.camera_id = id AND before.stream = 'main'
      WHERE camera_stream.camera_id = id AND camera_stream.stream = 'main'
        AND (camera_stream.url, camera_stream.transport) <> ($4, $5)
      RETURNING before.url <> $4 AS moved, before.transport <> $5 AS received_otherwise,
        before.has_credentials AND NOT camera_stream.has_credentials AS forgotten),
    dropped AS (
      DELETE FROM camera_stream USING changed WHERE camera_id = id AND stream = 'sub' AND $6 = '-' RETURNING camera_id),
    sub AS (
      INSERT INTO camera_stream (camera_id, stream, url, transport, record_sub)
      SELECT id, 'sub', $6, $5, $7 = 'yes' FROM changed WHERE $6 <> '-'
      ON CONFLICT (camera_id, stream) DO UPDATE
        SET url = excluded.url, transport = excluded.transport, record_sub = excluded.record_sub
        WHERE (camera_stream.url, camera_stream.transport, camera_stream.record_sub)
          <> (excluded.url, excluded.transport, excluded.record_sub)
      RETURNING camera_id)
  SELECT jsonb_build_object('camera', id, 'phase', phase_id, 'url_changed', EXISTS (SELECT FROM stream WHERE moved))
    || CASE WHEN EXISTS (SELECT FROM stream WHERE received_otherwise) THEN jsonb_build_object('transport', $5::text)
            ELSE '{}'::jsonb END
    || CASE WHEN EXISTS (SELECT FROM dropped UNION ALL SELECT FROM sub)
            THEN jsonb_build_object('sub_stream', $6 <> '-', 'sub_stream_recorded', $6 <> '-' AND $7 = 'yes') ELSE '{}'::jsonb END
    || CASE WHEN EXISTS (SELECT FROM stream WHERE forgotten) THEN '{"credentials": false}' ELSE '{}'::jsonb END FROM changed)";

constexpr const char* kInsertPlacements = R"(
  INSERT INTO placement (camera_id, floor_id, valid_from, valid_to)
  SELECT camera.id, floor.id, new.valid_from, coalesce(new.valid_to, 'infinity')
  FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) AS new (camera, place, valid_from, valid_to)
  JOIN camera ON camera.code = new.camera JOIN site ON site.code = split_part(place, '/', 1)
  JOIN building ON site_id = site.id AND building.code = split_part(place, '/', 2)
  JOIN floor ON building_id = building.id AND floor.code = split_part(place, '/', 3)
  RETURNING jsonb_build_object('camera', camera_id, 'floor', floor_id, 'from', valid_from, 'to', valid_to))";
constexpr const char* kInsertCharges = R"(
  INSERT INTO charge (camera_id, unit_id, valid_from, valid_to)
  SELECT camera.id, unit.id, new.valid_from, coalesce(new.valid_to, 'infinity')
  FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) AS new (camera, unit, valid_from, valid_to)
  JOIN camera ON camera.code = new.camera JOIN unit ON unit.code = new.unit
  RETURNING jsonb_build_object('camera', camera_id, 'unit', unit_id, 'from', valid_from, 'to', valid_to))";
constexpr const char* kInsertStates = R"(
  INSERT INTO camera_state (camera_id, state, valid_from, valid_to, note)
  SELECT camera.id, new.state, new.valid_from, coalesce(new.valid_to, 'infinity'), coalesce(new.note, '')
  FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[])
    AS new (camera, state, valid_from, valid_to, note)
  JOIN camera ON camera.code = new.camera
  RETURNING jsonb_build_object('camera', camera_id, 'state', state, 'from', valid_from, 'to', valid_to))";
// Of a camera's dated rows only the end changes; the value, $2, and the note, $5, are fixed.
constexpr const char* kEndPlacement = R"(
  UPDATE placement SET valid_to = coalesce($4::timestamptz, 'infinity') FROM camera
  WHERE camera.id = camera_id AND camera.code = $1 AND $2::text IS NOT NULL AND valid_from = $3::timestamptz
  RETURNING jsonb_build_object('camera', camera_id, 'floor', floor_id, 'from', valid_from, 'to', valid_to))";
constexpr const char* kEndCharge = R"(
  UPDATE charge SET valid_to = coalesce($4::timestamptz, 'infinity') FROM camera
  WHERE camera.id = camera_id AND camera.code = $1 AND $2::text IS NOT NULL AND valid_from = $3::timestamptz
  RETURNING jsonb_build_object('camera', camera_id, 'unit', unit_id, 'from', valid_from, 'to', valid_to))";
constexpr const char* kEndState = R"(
  UPDATE camera_state SET valid_to = coalesce($4::timestamptz, 'infinity') FROM camera
  WHERE camera.id = camera_id AND camera.code = $1 AND state = $2 AND valid_from = $3::timestamptz
    AND note = coalesce($5, '')
  RETURNING jsonb_build_object('camera', camera_id, 'state', state, 'from', valid_from, 'to', valid_to))";

}  // namespace

const char* InsertPlaces(int kind) {
  return kind == 0 ? kInsertSites : kind == 1 ? kInsertBuildings : kInsertFloors;
}
const char* UpdatePlace(int kind) {
  return kind == 0 ? kUpdateSite : kind == 1 ? kUpdateBuilding : kUpdateFloor;
}

const char* InsertOf(Sheet sheet) {
  switch (sheet) {
    case Sheet::kPlaces:
      return InsertPlaces(0);
    case Sheet::kUnits:
      return kInsertUnits;
    case Sheet::kPeople:
      return kInsertPeople;
    case Sheet::kAssignments:
      return kInsertAssignments;
    case Sheet::kPhases:
      return kInsertPhases;
    case Sheet::kCameras:
      return kInsertCameras;
    case Sheet::kPlacements:
      return kInsertPlacements;
    case Sheet::kCharges:
      return kInsertCharges;
    case Sheet::kStates:
      break;
  }
  return kInsertStates;
}

const char* UpdateOf(Sheet sheet) {
  switch (sheet) {
    case Sheet::kPlaces:
      return UpdatePlace(0);
    case Sheet::kUnits:
      return kUpdateUnit;
    case Sheet::kPeople:
      return kUpdatePerson;
    case Sheet::kAssignments:
      return kUpdateAssignment;
    case Sheet::kPhases:
      return kUpdatePhase;
    case Sheet::kCameras:
      return kUpdateCamera;
    case Sheet::kPlacements:
      return kEndPlacement;
    case Sheet::kCharges:
      return kEndCharge;
    case Sheet::kStates:
      break;
  }
  return kEndState;
}

}  // namespace yagura::office

import { expect, test } from 'vitest';
import { withQuery } from '../src/api/client';
import { buildingsOf, firstFloorOf } from '../src/api/places';
import type { Site } from '../src/api/places';
import { addressOf, pageAt } from '../src/frame/address';
import type { Page } from '../src/frame/address';
import { lastDays, lastWeek, spanOf } from '../src/pages/log_filter';
import type { Viewing } from '../src/api/viewings';
import { describePerson, describeSeen, isOutsideHours } from '../src/pages/viewing_words';
import { wordsOf } from '../src/words/words';
import { DAY_MS, formatInstant, instantOf } from '../src/time/office_time';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const other = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

test('an address leads back to what was shown', () => {
  const at = instantOf(2027, 6, 15, 14, 3, 22);
  const pages: Page[] = [
    { name: 'camera', id, at },
    { name: 'camera', id, at: null },
    { name: 'places', floor: id },
    { name: 'places', floor: null },
    { name: 'together', cameras: [id, other], at },
    { name: 'together', cameras: [id], at: null },
    { name: 'rollout' },
    { name: 'log' },
  ];
  for (const page of pages) {
    const [path = '', query = ''] = addressOf(page).split('?');
    expect(pageAt(path, query)).toEqual(page);
  }
  expect(pageAt('/cameras/x', '')).toEqual({ name: 'unknown' });
  expect(pageAt('/v2', '')).toEqual({ name: 'unknown' });
});

test('a query keeps a space apart from a plus', () => {
  expect(withQuery('/v1/cameras', { q: 'a +b', floor: null, limit: 5 })).toBe(
    '/v1/cameras?q=a%20%2Bb&limit=5',
  );
});

test('last week is Monday to Sunday before this one', () => {
  const sunday = instantOf(2027, 6, 20, 23) ?? 0;
  const days = lastWeek(sunday);
  expect([formatInstant(days.first_day, 'ja'), formatInstant(days.last_day, 'ja')]).toEqual([
    '2027年6月7日(月) 00:00:00',
    '2027年6月13日(日) 00:00:00',
  ]);
  expect(spanOf(days).to - spanOf(days).from).toBe(7 * DAY_MS);
  expect(spanOf(lastDays(sunday, 1))).toEqual({ from: instantOf(2027, 6, 20), to: instantOf(2027, 6, 21) });
});

test.each([
  [15, 8, 29, true],
  [15, 8, 30, false],
  [15, 17, 14, false],
  [15, 17, 15, true],
  [19, 12, 0, true], // a Saturday
])('the %dth of June at %d:%d is outside of hours: %s', (day, hour, minute, outside) => {
  expect(isOutsideHours(instantOf(2027, 6, day, hour, minute) ?? 0)).toBe(outside);
});

function site(code: string, ...floors: Site['buildings'][0]['floors'][0]['cameras'][]): Site {
  const named = floors.map((cameras, n) => ({
    id: `${code}${n + 1}`,
    code,
    name: code,
    ordinal: n + 1,
    cameras,
  }));
  return { id: code, code, name: code, buildings: [{ id: code, code, name: code, floors: named }] };
}

test('the building with the most cameras comes first, and its first floor in service is where one begins', () => {
  const sites = [
    site('BRANCH', { in_service: 3 }),
    site('MAIN', { planned: 2 }, { in_service: 1, planned: 1 }),
  ];
  expect(buildingsOf(sites).map((building) => building.code)).toEqual(['MAIN', 'BRANCH']);
  expect(firstFloorOf(sites)?.id).toBe('MAIN2');
  expect(firstFloorOf([site('ONLY', { planned: 1 })])?.id).toBe('ONLY1');
  expect(firstFloorOf([])).toBeNull();
});

const viewing: Viewing = {
  id,
  opened_at: '2027-06-15T05:00:00Z',
  person_id: id,
  person_name: '山田',
  post: 'department_head',
  department_id: null,
  camera_id: id,
  camera_code: '3F-07',
  from: '2027-06-14T05:00:00Z',
  to: '2027-06-14T05:10:00Z',
  action: 'footage.play',
  purpose: '',
  delivered: [
    { from: '2027-06-14T05:00:00Z', to: '2027-06-14T05:01:00Z' },
    { from: '2027-06-14T05:03:00Z', to: '2027-06-14T05:04:30Z' },
  ],
  bytes: 1,
};

test('a viewing tells who saw what, from its first instant to its last', () => {
  const ja = wordsOf('ja');
  expect(describePerson(viewing, ja)).toBe('山田（部長）');
  expect(describePerson(viewing, wordsOf('en'))).toBe('山田 (Department head)');
  const seen = describeSeen(viewing, Date.parse('2027-06-15T06:00:00Z'), ja);
  expect(seen).toBe('過去映像 2027年6月14日(月) 14:00:00〜14:04:30');
  expect(describeSeen(viewing, Date.parse('2027-06-15T06:00:00Z'), wordsOf('en'))).toMatch(
    / 14:00:00–14:04:30$/,
  );
});

test('nothing is said to be handed out only when that is known', () => {
  const none = { ...viewing, delivered: [] };
  const said = (at: string): string => describeSeen(none, Date.parse(at), wordsOf('ja'));
  expect(said('2027-06-15T05:01:30Z')).toBe('過去映像: 受け渡した範囲を記録中');
  expect(said('2027-06-15T05:02:30Z')).toBe('過去映像: 受け渡しなし');
});

import { expect, test } from 'vitest';
import {
  DAY_MS,
  dayStartOf,
  formatDateValue,
  formatInstant,
  formatNear,
  formatRfc3339,
  instantOf,
  parseDateValue,
  parseRfc3339,
} from '../src/time/office_time';

const at = Date.parse('2027-06-15T05:03:22Z');

test('instants are told by the clock of Japan', () => {
  expect(formatInstant(at, 'ja')).toBe('2027年6月15日(火) 14:03:22');
  expect(formatInstant(at, 'en')).toBe('Tue 15 Jun 2027 14:03:22');
});

test('the office has its midnight at 15:00 UTC', () => {
  expect(dayStartOf(Date.parse('2027-06-15T14:59:59Z'))).toBe(Date.parse('2027-06-14T15:00:00Z'));
  expect(dayStartOf(Date.parse('2027-06-15T15:00:00Z'))).toBe(Date.parse('2027-06-15T15:00:00Z'));
});

test('an address tells an instant so that it is found again', () => {
  expect(formatRfc3339(at)).toBe('2027-06-15T14:03:22+09:00');
  expect(parseRfc3339(formatRfc3339(at))).toBe(at);
});

test('days that do not exist are none', () => {
  expect(instantOf(2027, 2, 29)).toBeNull();
  expect(parseDateValue('2027-13-01')).toBeNull();
  expect(formatDateValue(parseDateValue('2027-06-15') ?? 0)).toBe('2027-06-15');
});

test('what is of today is told by its time of day', () => {
  expect(formatNear(at, at + 1000, 'ja')).toBe('14:03:22');
  expect(formatNear(at, at + DAY_MS, 'ja')).toBe('2027年6月15日(火) 14:03:22');
});

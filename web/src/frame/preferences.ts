import type { Language } from '../time/office_time';

export type Theme = 'dark' | 'light';

export interface Preferences {
  language: Language;
  theme: Theme;
}

/** Remembered in this browser: for everybody until someone signs in, then for each person. */
function nameOf(person: string | null): string {
  return person === null ? 'yagura.preferences' : `yagura.preferences.${person}`;
}

const FIRST: Preferences = { language: 'ja', theme: 'dark' };

function isPreferences(value: unknown): value is Preferences {
  if (value === null || typeof value !== 'object' || !('language' in value) || !('theme' in value))
    return false;
  return (
    (value.language === 'ja' || value.language === 'en') &&
    (value.theme === 'dark' || value.theme === 'light')
  );
}

function read(person: string | null): Preferences | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(person)) ?? 'null');
    return isPreferences(kept) ? kept : null;
  } catch {
    return null; // no store, or not ours
  }
}

export function readPreferences(person: string | null): Preferences {
  return read(person) ?? read(null) ?? FIRST;
}

export function keepPreferences(person: string | null, preferences: Preferences): void {
  try {
    for (const name of [nameOf(null), nameOf(person)])
      localStorage.setItem(name, JSON.stringify(preferences));
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
}

import i18next from 'i18next';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Language } from '../time/office_time';
import { en } from './en';
import { ja } from './ja';

export type WordKey = keyof typeof ja;
export type Translate = (key: WordKey, values?: Record<string, string | number>) => string;

export interface Words {
  t: Translate;
  language: Language;
}

void i18next.init({
  resources: { ja: { translation: ja }, en: { translation: en } },
  fallbackLng: 'ja',
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  interpolation: { escapeValue: false }, // what is shown is text, never HTML
});

export function wordsOf(language: Language): Words {
  return { t: i18next.getFixedT(language) as unknown as Translate, language };
}

export function hasWord(key: string): key is WordKey {
  return key in ja;
}

export const WordsContext = createContext<Words>(wordsOf('ja'));

export function useWords(): Words {
  return useContext(WordsContext);
}

import type { JSX } from 'preact';
import { useWords } from '../words/words';
import { IconButton } from './icon';
import type { Preferences } from './preferences';

interface SwitchesProps {
  preferences: Preferences;
  prefer: (preferences: Preferences) => void;
}

/** The other language, in its own words, and the other kind of screen. */
export function Switches({ preferences, prefer }: SwitchesProps): JSX.Element {
  const { t } = useWords();
  const other = preferences.language === 'ja' ? 'en' : 'ja';
  const dark = preferences.theme === 'dark';
  return (
    <>
      <button
        type="button"
        class="quiet"
        lang={other}
        onClick={() => prefer({ ...preferences, language: other })}
      >
        {t('language.other')}
      </button>
      <IconButton
        icon={dark ? 'sun' : 'moon'}
        class="quiet"
        label={t(dark ? 'theme.to_light' : 'theme.to_dark')}
        onClick={() => prefer({ ...preferences, theme: dark ? 'light' : 'dark' })}
      />
    </>
  );
}

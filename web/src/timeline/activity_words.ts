import type { Translate } from '../words/words';
import { NOTABLE_LEVEL } from './activity';
import type { Level } from './activity';

/** "activity (level 45)", "little activity", "activity unknown"; nothing where it wasn't asked for. */
export function describeActivity(level: Level | undefined, t: Translate): string {
  if (level === undefined) return '';
  if (level === null) return t('activity.unknown');
  return level >= NOTABLE_LEVEL ? t('activity.notable', { level }) : t('activity.quiet');
}

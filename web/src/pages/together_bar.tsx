import type { JSX } from 'preact';
import type { Page } from '../frame/address';
import { IconButton } from '../frame/icon';
import { formatInstant } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import { CopyLink } from './copy_link';
import { RateChoice } from './rate_choice';
import type { TogetherCommand } from './together_keys';

interface TogetherBarProps {
  at: Instant;
  page: Page;
  playing: boolean;
  /** It plays as soon as all pictures are there. */
  waiting: boolean;
  rate: number;
  onRate: (rate: number) => void;
  onPick: () => void;
  run: (command: TogetherCommand) => void;
}

/** How the pictures go on, all of them at once. */
export function TogetherBar(props: TogetherBarProps): JSX.Element {
  const { t, language } = useWords();
  const { run, playing } = props;
  return (
    <div class="bar">
      <IconButton
        icon="back"
        label={t('camera.back_minute')}
        text={t('camera.minute')}
        onClick={() => run('back_minute')}
      />
      <IconButton
        icon="back"
        label={t('camera.back')}
        text={t('camera.ten_seconds')}
        onClick={() => run('back')}
      />
      <IconButton icon="frame_back" label={t('camera.frame_back')} onClick={() => run('frame_back')} />
      <IconButton
        icon={playing ? 'pause' : 'play'}
        label={t(playing ? 'camera.pause' : 'camera.play')}
        onClick={() => run('toggle')}
      />
      <IconButton icon="frame_on" label={t('camera.frame_on')} onClick={() => run('frame_on')} />
      <RateChoice rate={props.rate} onRate={props.onRate} />
      <strong class="together-time">{formatInstant(props.at, language)}</strong>
      <span class="together-said" role="status">
        {props.waiting ? t('together.waiting') : playing ? '' : t('camera.paused')}
      </span>
      <span class="bar-space" />
      <button type="button" onClick={props.onPick}>
        {t('wall.pick')}
      </button>
      <CopyLink to={props.page} />
      <button type="button" title={t('camera.keys')} onClick={() => run('help')}>
        <span aria-hidden="true">?</span>
        <span class="only-read">{t('camera.keys')}</span>
      </button>
    </div>
  );
}

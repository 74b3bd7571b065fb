import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import { Icon, IconButton } from '../frame/icon';
import { may, useWho } from '../frame/session';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import type { CameraCommand } from './camera_keys';
import type { PanelName } from './camera_panel';
import { CopyLink } from './copy_link';
import { RateChoice } from './rate_choice';

interface CameraBarProps {
  camera: Camera;
  /** Nothing: live. */
  at: Instant | null;
  paused: boolean;
  rate: number;
  panel: PanelName | null;
  /** How the search for activity goes. */
  said: string | null;
  run: (command: CameraCommand) => void;
  onRate: (rate: number) => void;
  onPanel: (name: PanelName) => void;
  /** Beside other cameras. */
  onTogether: () => void;
}

export function CameraBar(props: CameraBarProps): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const live = props.at === null;
  const panels: PanelName[] = may(who, 'viewing.list') ? ['gaps', 'viewings'] : ['gaps'];
  return (
    <div class="bar">
      <IconButton
        icon="back"
        label={t('camera.back_minute')}
        text={t('camera.minute')}
        onClick={() => props.run('back_minute')}
      />
      <IconButton
        icon="back"
        label={t('camera.back')}
        text={t('camera.ten_seconds')}
        onClick={() => props.run('back')}
      />
      {!live && (
        <IconButton
          icon="frame_back"
          label={t('camera.frame_back')}
          onClick={() => props.run('frame_back')}
        />
      )}
      <IconButton
        icon={props.paused ? 'play' : 'pause'}
        label={t(props.paused ? 'camera.play' : 'camera.pause')}
        onClick={() => props.run('toggle')}
      />
      {!live && (
        <IconButton icon="frame_on" label={t('camera.frame_on')} onClick={() => props.run('frame_on')} />
      )}
      {!live && <RateChoice rate={props.rate} onRate={props.onRate} />}
      {may(who, 'footage.play') && <ActivityButtons live={live} said={props.said} run={props.run} />}
      {(!live || props.paused) && (
        <button type="button" class="icon-button bar-live" onClick={() => props.run('live')}>
          <Icon name="live" />
          {t('camera.live_now')}
        </button>
      )}
      <span class="bar-space" />
      {may(who, 'footage.play') && (
        <button type="button" title={t('mark.hint')} onClick={() => props.run('mark')}>
          {t('mark.title')}
        </button>
      )}
      {may(who, 'footage.play') && (
        <IconButton icon="together" label={t('together.open')} onClick={props.onTogether} />
      )}
      {panels.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={props.panel === name}
          onClick={() => props.onPanel(name)}
        >
          {t(name === 'gaps' ? 'camera.gaps' : 'viewings.title')}
        </button>
      ))}
      <CopyLink to={{ name: 'camera', id: props.camera.id, at: props.at }} />
      <button type="button" title={t('camera.keys')} onClick={() => props.run('help')}>
        <span aria-hidden="true">?</span>
        <span class="only-read">{t('camera.keys')}</span>
      </button>
    </div>
  );
}

/** To what moved before, and next; of live nothing is next. */
function ActivityButtons(props: {
  live: boolean;
  said: string | null;
  run: (command: CameraCommand) => void;
}): JSX.Element {
  const { t } = useWords();
  return (
    <>
      <IconButton
        icon="earlier"
        label={t('activity.before')}
        text={t('activity.name')}
        onClick={() => props.run('activity_before')}
      />
      {!props.live && (
        <IconButton icon="later" label={t('activity.next')} onClick={() => props.run('activity_next')} />
      )}
      <span class="activity-said" role="status">
        {props.said}
      </span>
    </>
  );
}

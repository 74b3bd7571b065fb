import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import { IconButton } from '../frame/icon';
import { EmptyNote } from '../frame/notes';
import { SECOND_MS, clocksOf, formatClock, formatDay } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { gapsOf } from '../timeline/stretches';
import type { Stretch } from '../timeline/stretches';
import { useWords } from '../words/words';
import { CameraViewings } from './camera_viewings';

export type PanelName = 'gaps' | 'viewings';

interface CameraPanelProps {
  name: PanelName;
  camera: Camera;
  shown: Span;
  stretches: Stretch[];
  now: Instant;
  onPlay: (at: Instant) => void;
  onClose: () => void;
}

/** Beside the picture: the gaps of the time shown, or who looked at this camera. */
export function CameraPanel(props: CameraPanelProps): JSX.Element {
  const { t, language } = useWords();
  const title =
    props.name === 'gaps'
      ? t('gaps.title', { day: formatDay(props.shown.from, language) })
      : t('viewings.of_camera');
  return (
    <aside class="panel" aria-labelledby="panel-title">
      <div class="panel-head">
        <h2 id="panel-title">{title}</h2>
        <IconButton icon="close" class="quiet" label={t('app.close')} onClick={props.onClose} />
      </div>
      {props.name === 'gaps' ? <Gaps {...props} /> : <CameraViewings camera={props.camera} now={props.now} />}
    </aside>
  );
}

const BEFORE_GAP_MS = 5 * SECOND_MS;

function Gaps({ stretches, shown, now, onPlay }: CameraPanelProps): JSX.Element {
  const { t } = useWords();
  const gaps = gapsOf(stretches).filter((gap) => gap.from < shown.to && gap.to > shown.from);
  if (gaps.length === 0) return <EmptyNote>{t('gaps.none')}</EmptyNote>;
  return (
    <ul class="gaps">
      {gaps.map((gap) => (
        <li key={gap.from}>
          <button
            type="button"
            class="gap"
            title={t('gaps.play_before', { time: formatClock(gap.from) })}
            onClick={() => onPlay(gap.from - BEFORE_GAP_MS)}
          >
            <span class="gap-times">
              {t('time.span', clocksOf({ from: gap.from, to: Math.min(gap.to, now) }))}
            </span>
            <span>{gap.reason ? t(`gap.${gap.reason}`) : ''}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

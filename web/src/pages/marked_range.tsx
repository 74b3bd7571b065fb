import type { JSX } from 'preact';
import { videoAddress } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { IconButton } from '../frame/icon';
import { may, useWho } from '../frame/session';
import { clocksOf, formatClock } from '../time/office_time';
import type { Span } from '../time/office_time';
import { DOWNLOAD_MOST_MS, formatLength, spanOf } from '../timeline/mark';
import type { Mark } from '../timeline/mark';
import { useWords } from '../words/words';
import type { CameraCommand } from './camera_keys';
import { CopyLink } from './copy_link';

interface MarkedRangeProps {
  camera: Camera;
  mark: Mark;
  run: (command: CameraCommand) => void;
  onPlay: (span: Span) => void;
  onClear: () => void;
}

/** What is marked, its length, and what can be done with it. */
export function MarkedRange(props: MarkedRangeProps): JSX.Element | null {
  const { t } = useWords();
  if (props.mark.from === null && props.mark.to === null) return null;
  const span = spanOf(props.mark);
  return (
    <div class="marked" role="group" aria-label={t('mark.title')}>
      <span class="marked-told" role="status">
        {span ? (
          <>
            <strong>{t('time.span', clocksOf(span))}</strong>{' '}
            {t('mark.length', { length: formatLength(span) })}
          </>
        ) : (
          <Missing mark={props.mark} />
        )}
      </span>
      <button type="button" title={t('keys.mark_start')} onClick={() => props.run('mark_start')}>
        {t('mark.start')}
      </button>
      <button type="button" title={t('keys.mark_end')} onClick={() => props.run('mark_end')}>
        {t('mark.end')}
      </button>
      {span && <Actions {...props} span={span} />}
      <IconButton icon="close" class="quiet" label={t('mark.clear')} onClick={props.onClear} />
    </div>
  );
}

function Missing({ mark }: { mark: Mark }): JSX.Element {
  const { t } = useWords();
  return mark.to === null ? (
    <>{t('mark.no_end', { time: formatClock(mark.from ?? 0) })}</>
  ) : (
    <>{t('mark.no_start', { time: formatClock(mark.to) })}</>
  );
}

function Actions(props: MarkedRangeProps & { span: Span }): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const { span } = props;
  const too_long = span.to - span.from > DOWNLOAD_MOST_MS;
  return (
    <>
      <span class="bar-space" />
      {may(who, 'footage.play') && (
        <IconButton
          icon="play"
          label={t('mark.play')}
          text={t('mark.play')}
          onClick={() => props.onPlay(span)}
        />
      )}
      {may(who, 'hold.create') && (
        <button type="button" class="marked-hold" onClick={() => props.run('hold')}>
          {t('hold.submit')}
        </button>
      )}
      {may(who, 'footage.download') &&
        (too_long ? (
          <span class="quiet-text">{t('mark.too_long')}</span>
        ) : (
          <a class="marked-download" href={videoAddress(props.camera.id, span)} download>
            {t('mark.download')}
          </a>
        ))}
      <CopyLink to={{ name: 'camera', id: props.camera.id, at: span.from }} />
    </>
  );
}

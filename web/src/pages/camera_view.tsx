import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import type { FloorPath } from '../api/places';
import { HealthWord } from '../frame/health_mark';
import { Icon } from '../frame/icon';
import { may, useWho } from '../frame/session';
import { SECOND_MS, formatInstant } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { recordedFrom } from '../timeline/stretches';
import type { Stretch } from '../timeline/stretches';
import type { ControlsRef } from '../video/controls';
import { LivePicture } from '../video/live_picture';
import { RecentOrPastPicture } from '../video/kept_picture';
import type { Jump } from '../video/past_picture';
import { useWords } from '../words/words';
import { NoPast } from './no_past';

interface CameraViewProps {
  camera: Camera;
  floor: FloorPath | null;
  jump: Jump | null;
  cursor: Instant | null;
  now: Instant;
  paused: boolean;
  rate: number;
  stretches: Stretch[];
  controls: ControlsRef;
  onTime: (at: Instant) => void;
  onPaused: (paused: boolean) => void;
  onPlay: (at: Instant) => void;
}

/** The picture, what it is of, and whether it is live, past or paused. */
export function CameraView(props: CameraViewProps): JSX.Element {
  const { t, language } = useWords();
  const { camera, floor, jump, now } = props;
  const shown_at = jump === null ? now : (props.cursor ?? jump.at);
  return (
    <section class={jump === null ? 'view view-live' : 'view view-past'}>
      <div class="view-head">
        <h1>
          {camera.code} <span class="view-name">{camera.name}</span>
        </h1>
        {floor && (
          <span class="view-floor">
            {floor.building.name} {floor.floor.name}
          </span>
        )}
        {camera.health?.condition === 'recording' && <HealthWord health={camera.health} />}
        <span class="view-time">{formatInstant(shown_at, language)}</span>
        <Badge
          past={jump !== null}
          paused={props.paused}
          silent={camera.health?.condition === 'missing' || !mayBeLive(camera)}
        />
      </div>
      {jump === null ? <Live {...props} /> : <Past {...props} jump={jump} />}
      <p class="only-read" role="status">
        {props.paused ? t('camera.paused') : t(jump === null ? 'camera.live' : 'camera.past')}
      </p>
    </section>
  );
}

function mayBeLive(camera: Camera): boolean {
  return camera.state === 'in_service' || camera.state === 'staged';
}

function Badge(props: { past: boolean; paused: boolean; silent: boolean }): JSX.Element | null {
  const { t } = useWords();
  if (props.paused)
    return (
      <span class="badge badge-paused">
        <Icon name="pause" /> {t('camera.paused')}
      </span>
    );
  if (props.past) return <span class="badge badge-past">{t('camera.past')}</span>;
  return props.silent ? null : (
    <span class="badge badge-live">
      <Icon name="live" /> {t('camera.live')}
    </span>
  );
}

function Live(props: CameraViewProps): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  if (!mayBeLive(props.camera)) {
    const state = t(props.camera.state === null ? 'state.none' : `state.${props.camera.state}`);
    return <ViewNote words={t('camera.live_not_in_service', { state })} />;
  }
  if (!may(who, 'live.play')) return <ViewNote words={t('camera.live_denied')} />;
  return (
    <LivePicture camera={props.camera} now={props.now} controls={props.controls} onPaused={props.onPaused} />
  );
}

function ViewNote({ words }: { words: string }): JSX.Element {
  return (
    <div class="picture">
      <p class="picture-note">{words}</p>
    </div>
  );
}

function Past(props: CameraViewProps & { jump: Jump }): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => setProblem(null), [props.jump.number]);
  // Ten minutes are played through, or a gap begins: on with what was recorded next.
  const onEnd = (at: Instant): void => {
    const next = recordedFrom(props.stretches, at + SECOND_MS);
    if (next) props.onPlay(Math.max(next.from, at));
    else setProblem('ended');
  };
  if (!may(who, 'footage.play')) return <ViewNote words={t('camera.past_denied')} />;
  if (problem !== null) {
    return (
      <NoPast
        problem={problem}
        at={props.jump.at}
        now={props.now}
        stretches={props.stretches}
        onPlay={props.onPlay}
      />
    );
  }
  return (
    <RecentOrPastPicture
      camera={props.camera}
      jump={props.jump}
      rate={props.rate}
      controls={props.controls}
      onTime={props.onTime}
      onPaused={props.onPaused}
      onEnd={onEnd}
      onProblem={setProblem}
    />
  );
}

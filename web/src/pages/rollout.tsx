import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { CAMERA_STATES, listCameras } from '../api/cameras';
import type { Camera, CameraState } from '../api/cameras';
import { listPhases } from '../api/phases';
import type { Phase } from '../api/phases';
import { useLoaded } from '../frame/loaded';
import { Link } from '../frame/link';
import { EmptyNote, LoadingNote, NotePage, ProblemNote } from '../frame/notes';
import { may, useWho } from '../frame/session';
import { StateMark, StateWord } from '../frame/state_mark';
import { formatInstant, parseRfc3339 } from '../time/office_time';
import { useWords } from '../words/words';

/** What keeps a camera or a phase from service, and what is to be done next. */
export function RolloutPage(): JSX.Element {
  const { t } = useWords();
  const phases = useLoaded(listPhases, 'phases');
  const [phase, setPhase] = useState('');
  const [state, setState] = useState<CameraState | ''>('');
  if (phases.value === null) {
    return <NotePage title={t('rollout.title')} problem={phases.problem} onRetry={phases.reload} />;
  }
  return (
    <main id="content" class="page page-wide">
      <h1>{t('rollout.title')}</h1>
      {phases.value.length === 0 && <EmptyNote>{t('rollout.no_phases')}</EmptyNote>}
      <ul class="phases" aria-label={t('rollout.phases')}>
        {phases.value.map((one) => (
          <PhaseCard
            key={one.id}
            phase={one}
            chosen={one.code === phase}
            onChoose={() => setPhase(one.code === phase ? '' : one.code)}
          />
        ))}
      </ul>
      <div class="filters">
        <label class="field field-inline">
          <span>{t('rollout.filter_phase')}</span>
          <select value={phase} onChange={(event) => setPhase(event.currentTarget.value)}>
            <option value="">{t('rollout.all_phases')}</option>
            {phases.value.map((one) => (
              <option key={one.id} value={one.code}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label class="field field-inline">
          <span>{t('rollout.filter_state')}</span>
          <select value={state} onChange={(event) => setState(event.currentTarget.value as CameraState | '')}>
            <option value="">{t('rollout.all_states')}</option>
            {CAMERA_STATES.map((one) => (
              <option key={one} value={one}>
                {t(`state.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <RolloutCameras phases={phases.value} phase={phase} state={state} />
    </main>
  );
}

interface PhaseCardProps {
  phase: Phase;
  chosen: boolean;
  onChoose: () => void;
}

function PhaseCard({ phase, chosen, onChoose }: PhaseCardProps): JSX.Element {
  const { t, language } = useWords();
  const starts_at = parseRfc3339(phase.starts_at);
  const states = CAMERA_STATES.filter((state) => (phase.cameras[state] ?? 0) > 0);
  return (
    <li>
      <button type="button" class="phase" aria-pressed={chosen} onClick={onChoose}>
        <strong>{phase.name}</strong>
        <span class="quiet-text">
          {t('rollout.starts')}{' '}
          {starts_at === null ? t('rollout.no_date') : formatInstant(starts_at, language).slice(0, -3)}
        </span>
        <span class="phase-counts">
          {states.map((state) => (
            <span key={state}>
              <StateMark state={state} />{' '}
              {t('places.count', { state: t(`state.${state}`), count: phase.cameras[state] ?? 0 })}
            </span>
          ))}
        </span>
      </button>
    </li>
  );
}

interface RolloutCamerasProps {
  phases: Phase[];
  phase: string;
  state: CameraState | '';
}

function RolloutCameras({ phases, phase, state }: RolloutCamerasProps): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const filter = { ...(phase === '' ? {} : { phase }), ...(state === '' ? {} : { state }) };
  const cameras = useLoaded(() => listCameras(filter), `${phase} ${state}`);
  if (cameras.problem !== null) return <ProblemNote code={cameras.problem} onRetry={cameras.reload} />;
  if (cameras.value === null) return <LoadingNote />;
  if (cameras.value.length === 0) return <EmptyNote>{t('rollout.empty')}</EmptyNote>;
  const nameOf = (code: string | null | undefined): string =>
    phases.find((one) => one.code === code)?.name ?? '';
  return (
    <table>
      <caption>{t('rollout.total', { count: cameras.value.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('rollout.camera')}</th>
          <th scope="col">{t('rollout.phase')}</th>
          <th scope="col">{t('rollout.state')}</th>
          <th scope="col">{t('rollout.next')}</th>
        </tr>
      </thead>
      <tbody>
        {cameras.value.map((camera) => (
          <CameraRow
            key={camera.id}
            camera={camera}
            phase={nameOf(camera.phase)}
            watches={may(who, 'live.play')}
          />
        ))}
      </tbody>
    </table>
  );
}

function CameraRow({
  camera,
  phase,
  watches,
}: {
  camera: Camera;
  phase: string;
  watches: boolean;
}): JSX.Element {
  const { t } = useWords();
  const to = { name: 'camera', id: camera.id, at: null } as const;
  return (
    <tr>
      <th scope="row">
        <Link to={to}>
          {camera.code} {camera.name}
        </Link>
      </th>
      <td>{phase}</td>
      <td>
        <StateWord state={camera.state} />
      </td>
      <td>
        {camera.state === null ? '' : t(`rollout.next_${camera.state}`)}
        {camera.state === 'staged' && watches && (
          <Link to={to} class="watch">
            {t('rollout.watch')}
          </Link>
        )}
      </td>
    </tr>
  );
}

import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import { buildingsOf } from '../api/places';
import type { Site } from '../api/places';
import { go } from '../frame/address';
import { IconButton } from '../frame/icon';
import type { Wall } from '../frame/kept_wall';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import { GoToTime } from './go_to_time';

interface WallBarProps {
  title: string;
  wall: Wall;
  sites: Site[];
  /** Which camera a typed time leads to. */
  goal: Camera | null;
  typed: { current: HTMLInputElement | null };
  now: Instant;
  page: number;
  pages: number;
  onPage: (page: number) => void;
  onPick: () => void;
  onKeys: () => void;
}

/** What the wall shows, and what else it could. */
export function WallBar(props: WallBarProps): JSX.Element {
  const { t } = useWords();
  const { goal, page, pages } = props;
  return (
    <div class="wall-bar">
      <h1>{props.title}</h1>
      <FloorChoice wall={props.wall} sites={props.sites} />
      <button type="button" onClick={props.onPick}>
        {t('wall.pick')}
      </button>
      {pages > 1 && (
        <span class="wall-pages">
          <IconButton
            icon="earlier"
            label={t('wall.page_before')}
            disabled={page === 0}
            onClick={() => props.onPage(page - 1)}
          />
          {t('wall.page', { page: page + 1, pages })}
          <IconButton
            icon="later"
            label={t('wall.page_next')}
            disabled={page + 1 >= pages}
            onClick={() => props.onPage(page + 1)}
          />
        </span>
      )}
      <span class="bar-space" />
      {goal && (
        <GoToTime
          input={props.typed}
          now={props.now}
          shown={props.now}
          onGo={(at) => go({ name: 'camera', id: goal.id, at })}
        />
      )}
      <button type="button" title={t('camera.keys')} onClick={props.onKeys}>
        <span aria-hidden="true">?</span>
        <span class="only-read">{t('camera.keys')}</span>
      </button>
    </div>
  );
}

function FloorChoice({ wall, sites }: { wall: Wall; sites: Site[] }): JSX.Element {
  const { t } = useWords();
  return (
    <select
      aria-label={t('wall.floor')}
      value={wall.floor ?? ''}
      onChange={(event) => {
        const floor = event.currentTarget.value;
        if (floor !== '') go({ name: 'wall', floor, cameras: [] });
      }}
    >
      {wall.floor === null && <option value="">{t('wall.floor')}</option>}
      {buildingsOf(sites).map((building) => (
        <optgroup key={building.id} label={building.name}>
          {building.floors.map((floor) => (
            <option key={floor.id} value={floor.id}>
              {floor.name}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

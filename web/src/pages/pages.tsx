import { useEffect } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Page } from '../frame/address';
import { go } from '../frame/address';
import { EmptyNote } from '../frame/notes';
import type { Theme } from '../frame/preferences';
import { isOf, may, useWho } from '../frame/session';
import { useWords } from '../words/words';
import type { Translate } from '../words/words';
import { CameraPage } from './camera';
import { LogPage } from './log';
import { PlacesPage } from './places';
import { RolloutPage } from './rollout';
import { TogetherPage } from './together';
import { WallPage } from './wall';

function titleOf(page: Page, t: Translate): string {
  if (page.name === 'wall') return t('nav.wall');
  if (page.name === 'together') return t('together.title');
  if (page.name === 'rollout') return t('nav.rollout');
  if (page.name === 'log') return t('nav.log');
  return t('nav.places');
}

/** Each person lands on their work: the crisis desk on the wall, a head on the own floors, an auditor, who sees no cameras, on the log. */
function useLanding(page: Page): void {
  const who = useWho();
  useEffect(() => {
    if (page.name === 'places' && page.floor === null && location.pathname === '/') {
      const only_log = who.posts.length > 0 && who.posts.every((post) => post.post === 'auditor');
      const only_rollout = who.posts.length > 0 && who.posts.every((post) => post.post === 'operations');
      if (isOf(who, ['crisis_management']) && may(who, 'live.play'))
        go({ name: 'wall', floor: null, cameras: [] }, true);
      if (only_log && may(who, 'viewing.list')) go({ name: 'log' }, true);
      if (only_rollout && may(who, 'phase.list')) go({ name: 'rollout' }, true);
    }
  }, [who.person_id]);
}

export function PageOf({ page, theme }: { page: Page; theme: Theme }): JSX.Element {
  const { t } = useWords();
  useLanding(page);
  useEffect(() => {
    document.title = `${titleOf(page, t)} – ${t('app.name')}`;
  }, [page.name, t]);
  switch (page.name) {
    case 'places':
      return <PlacesPage floor_id={page.floor} />;
    case 'camera':
      return <CameraPage id={page.id} at={page.at} theme={theme} />;
    case 'wall':
      return <WallPage wall={page} />;
    case 'together':
      return <TogetherPage cameras={page.cameras} at={page.at} theme={theme} />;
    case 'rollout':
      return <RolloutPage />;
    case 'log':
      return <LogPage />;
    case 'unknown':
      return (
        <main id="content" class="page">
          <h1>{t('app.name')}</h1>
          <EmptyNote>{t('problem.not_found')}</EmptyNote>
        </main>
      );
  }
}

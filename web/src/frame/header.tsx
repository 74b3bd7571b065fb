import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Post, PostName } from '../api/session';
import { useNow } from '../time/clock';
import { formatClock, formatInstant, parseRfc3339 } from '../time/office_time';
import { useWords } from '../words/words';
import type { Words } from '../words/words';
import type { Page } from './address';
import { Link } from './link';
import type { Preferences } from './preferences';
import { isOf, may, useWho } from './session';
import { Switches } from './switches';

interface HeaderProps {
  page: Page;
  preferences: Preferences;
  prefer: (preferences: Preferences) => void;
  signOut: () => void;
}

export function Header(props: HeaderProps): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const at = (name: Page['name']): boolean => props.page.name === name;
  return (
    <header class="header">
      <a class="skip" href="#content">
        {t('app.skip')}
      </a>
      <Link class="brand" to={{ name: 'places', floor: null }}>
        {t('app.name')}
      </Link>
      <nav aria-label={t('nav.label')}>
        {isOf(who, SEES_PICTURES) && may(who, 'live.play') && (
          <Link to={{ name: 'wall', floor: null, cameras: [] }} current={at('wall')}>
            {t('nav.wall')}
          </Link>
        )}
        {isOf(who, HAS_CAMERAS) && may(who, 'camera.list') && (
          <Link to={{ name: 'places', floor: null }} current={at('places') || at('camera')}>
            {t('nav.places')}
          </Link>
        )}
        {isOf(who, ROLLS_OUT) && may(who, 'phase.list') && (
          <Link to={{ name: 'rollout' }} current={at('rollout')}>
            {t('nav.rollout')}
          </Link>
        )}
        {may(who, 'viewing.list') && (
          <Link to={{ name: 'log' }} current={at('log')}>
            {t('nav.log')}
          </Link>
        )}
      </nav>
      <OfficeClock />
      <Switches preferences={props.preferences} prefer={props.prefer} />
      <WhoMenu signOut={props.signOut} />
    </header>
  );
}

/** Those whose work a screen is; others may ask for parts of it. */
const ROLLS_OUT: PostName[] = ['operations', 'administrator'];
const HAS_CAMERAS: PostName[] = ['department_head', 'general_manager', 'crisis_management', ...ROLLS_OUT];

function OfficeClock(): JSX.Element {
  const now = useNow();
  return <span class="clock">{formatClock(now)} JST</span>;
}

const SEES_PICTURES: PostName[] = ['department_head', 'general_manager', 'crisis_management'];

/** "You may see this as head of the tax department until …". */
export function basisOf(post: Post, { t, language }: Words): string {
  const end = post.valid_to === null ? null : parseRfc3339(post.valid_to);
  const until = end === null ? t('who.until_ended') : t('who.until', { day: formatInstant(end, language) });
  const values = { post: t(`post.${post.post}`), unit: post.department_name, until };
  return t(SEES_PICTURES.includes(post.post) ? 'who.basis' : 'who.acts', values);
}

/** Who I am, and why I may see what I see. */
function WhoMenu(props: { signOut: () => void }): JSX.Element {
  const words = useWords();
  const { t, language } = words;
  const who = useWho();
  const menu = useRef<HTMLDetailsElement>(null);
  useClosing(menu);
  const posts = [...new Set(who.posts.map((post) => t(`post.${post.post}`)))];
  const expires_at = parseRfc3339(who.expires_at);
  return (
    <details class="who" ref={menu}>
      <summary>
        <strong>{who.name}</strong>
        {posts.length > 0 && posts[0] !== who.name && <span class="who-post">{posts.join('・')}</span>}
      </summary>
      <div class="who-menu">
        <h2>{t('who.why')}</h2>
        {who.posts.length === 0 && <p>{t('who.no_post')}</p>}
        <ul>
          {who.posts.map((post) => (
            <li key={post.post + post.department_id}>{basisOf(post, words)}</li>
          ))}
        </ul>
        {expires_at !== null && (
          <p class="quiet-text">{t('who.session_until', { time: formatInstant(expires_at, language) })}</p>
        )}
        <button type="button" onClick={props.signOut}>
          {t('who.sign_out')}
        </button>
      </div>
    </details>
  );
}

/** Escape, and a click elsewhere, close it. */
function useClosing(menu: { current: HTMLDetailsElement | null }): void {
  useEffect(() => {
    const onClick = (event: Event): void => {
      if (menu.current && !menu.current.contains(event.target as Node)) menu.current.open = false;
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && menu.current) menu.current.open = false;
    };
    addEventListener('click', onClick);
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('click', onClick);
      removeEventListener('keydown', onKey);
    };
  }, []);
}

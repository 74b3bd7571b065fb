import type { JSX } from 'preact';

/** Drawn on 24 x 24, in the colour of the text around. */
const PATHS = {
  back: 'M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z',
  frame_back: 'M18 5v14L8 12zM5 5h2v14H5z',
  frame_on: 'M6 5v14l10-7zM17 5h2v14h-2z',
  play: 'M7 4v16l13-8z',
  pause: 'M6 4h4v16H6zm8 0h4v16h-4z',
  live: 'M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12z',
  sun: 'M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM11 1h2v3h-2zm0 19h2v3h-2zM1 11h3v2H1zm19 0h3v2h-3zM3.5 5l1.5-1.5L7 5.6 5.6 7zm13.5 13.4 1.4-1.4 2.1 2.1-1.4 1.4zM5.6 17 7 18.4l-2 2.1L3.5 19zm11.4-11.4 2.1-2.1L20.5 5l-2.1 2z',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  earlier: 'M15 5 8 12l7 7z',
  later: 'M9 5l7 7-7 7z',
  calendar: 'M7 2h2v2h6V2h2v2h4v17H3V4h4zM5 9v10h14V9zm2 2h3v3H7zm5 0h3v3h-3z',
  closer: 'M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z',
  wider: 'M5 11h14v2H5z',
  together: 'M3 4h8v7H3zm10 0h8v7h-8zM3 13h8v7H3zm10 0h8v7h-8z',
  link: 'M4 12a4 4 0 0 1 4-4h3v2H8a2 2 0 0 0 0 4h3v2H8a4 4 0 0 1-4-4zm5-1h6v2H9zm4-3h3a4 4 0 0 1 0 8h-3v-2h3a2 2 0 0 0 0-4h-3z',
  close: 'M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4L12 13.4 6.4 19 5 17.6 10.6 12 5 6.4z',
} as const;

export type IconName = keyof typeof PATHS;

/** A shape; what it means is said beside it. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  class?: string;
  disabled?: boolean;
  /** Shown beside the icon. */
  text?: string;
}

/** A button that shows an icon and says what it does. */
export function IconButton(props: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      title={props.label}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.text !== undefined && <span aria-hidden="true">{props.text}</span>}
      <span class="only-read">{props.label}</span>
    </button>
  );
}

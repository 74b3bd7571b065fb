import type { ComponentChildren, JSX } from 'preact';
import { addressOf, go } from './address';
import type { Page } from './address';

interface LinkProps {
  to: Page;
  id?: string;
  /** The code of the camera that it leads to. */
  camera?: string;
  class?: string;
  current?: boolean;
  /** Called before it leads there. */
  onGo?: () => void;
  children: ComponentChildren;
}

/** A link within the console: no load of the page, and still one that can be opened in another tab. */
export function Link(props: LinkProps): JSX.Element {
  const onClick = (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    props.onGo?.();
    go(props.to);
  };
  return (
    <a
      id={props.id}
      class={props.class}
      data-camera={props.camera}
      href={addressOf(props.to)}
      aria-current={props.current ? 'page' : undefined}
      onClick={onClick}
    >
      {props.children}
    </a>
  );
}

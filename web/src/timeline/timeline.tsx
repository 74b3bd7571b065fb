import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { DAY_MS, MINUTE_MS, SECOND_MS, formatClock, formatInstant } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { useWords } from '../words/words';
import type { Translate } from '../words/words';
import { levelAt } from './activity';
import type { Activity, ActivityLack } from './activity_store';
import { describeActivity } from './activity_words';
import { coloursOf, drawTimeline, timelineHeight } from './draw';
import type { TimelineDrawing } from './draw';
import { PointedPicture } from './pointed_picture';
import { markBetween } from './mark';
import type { Mark } from './mark';
import { MarkBand } from './mark_band';
import { instantAt, panned, xOf, zoomed } from './scale';
import { stretchAt } from './stretches';
import type { Stretch } from './stretches';
import { describeStretch } from './stretch_words';

interface TimelineProps {
  camera: string;
  stretches: Stretch[];
  /** Nothing: one may not know. */
  activity: Activity | null;
  shown: Span;
  now: Instant;
  cursor: Instant | null;
  theme: string;
  onShow: (shown: Span) => void;
  onPlay: (at: Instant) => void;
  /** Nothing: a range can't be marked here. */
  marking?: Marking;
  /** Whose time it is, where there is more than one; else it needn't be said. */
  name?: string;
  /** Where there is more than one: whether the times are told below this one. */
  ticks?: boolean;
}

export interface Marking {
  mark: Mark;
  onMark: (mark: Mark) => void;
  /** By `[` and `]`, at the instant chosen. */
  onMarkEnd: (end: 'mark_start' | 'mark_end', at: Instant) => void;
}

const DRAG_LEAST_PX = 4;
const TOLD_HALF_PX = 148; // of what stands at the pointer, with its picture
const WHEEL_STEP = 1.2; // for a notch of a hundred
const WHEEL_MOST = 4;

/** Where the keys of the slider go from `at`; nothing for another key. */
function movedByKey(key: string, at: Instant, shift: boolean, shown: Span): Instant | null {
  const step_ms = shift ? MINUTE_MS : 10 * SECOND_MS;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return at - step_ms;
  if (key === 'ArrowRight' || key === 'ArrowUp') return at + step_ms;
  if (key === 'PageDown') return at - 10 * MINUTE_MS;
  if (key === 'PageUp') return at + 10 * MINUTE_MS;
  if (key === 'Home') return shown.from;
  if (key === 'End') return shown.to;
  return null;
}

/**
 * A camera's time: recorded solid, gaps hatched, the rest blank, activity as a band below. Click or Enter plays; the wheel zooms at the pointer, dragging
 * pans, with Shift it marks. For keyboards and readers it is a slider whose value is an instant, what became of it and how much moved.
 */
export function Timeline(props: TimelineProps): JSX.Element {
  const { t, language } = useWords();
  const keys_id = useId();
  const { marking } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const width_px = useWidth(canvas);
  const [pointed, setPointed] = useState<Instant | null>(null);
  const [chosen, setChosen] = useState<Instant | null>(null);
  const drag = useRef<{ x: number; shown: Span; moved: boolean; marks: boolean } | null>(null);
  const hours = props.activity?.hours ?? null;
  const ticks = props.ticks ?? true;
  const height_px = timelineHeight(hours !== null, ticks);
  useDrawing(canvas, width_px, height_px, { ...props, ticks, activity: hours, pointed: pointed ?? chosen });

  const at = chosen ?? props.cursor ?? props.now;
  const becameOf = (instant: Instant): string => describeInstant(instant, props, t);
  const xIn = (event: MouseEvent): number =>
    event.clientX - (canvas.current?.getBoundingClientRect().left ?? 0);

  const onPointerMove = (event: PointerEvent): void => {
    const x = xIn(event);
    if (drag.current) {
      const by_px = x - drag.current.x;
      if (Math.abs(by_px) >= DRAG_LEAST_PX) drag.current.moved = true;
      const length_ms = drag.current.shown.to - drag.current.shown.from;
      if (drag.current.moved && drag.current.marks)
        marking?.onMark(
          markBetween(
            instantAt(drag.current.x, props.shown, width_px),
            instantAt(x, props.shown, width_px),
            props.now,
          ),
        );
      else if (drag.current.moved) props.onShow(panned(drag.current.shown, (-by_px / width_px) * length_ms));
    }
    setPointed(instantAt(x, props.shown, width_px));
  };
  const onPointerUp = (event: PointerEvent): void => {
    const was = drag.current;
    drag.current = null;
    if (was && !was.moved && !was.marks) props.onPlay(instantAt(xIn(event), props.shown, width_px));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const moved = movedByKey(event.key, at, event.shiftKey, props.shown);
    if (moved !== null) setChosen(Math.min(moved, props.now));
    else if (event.key === 'Enter') {
      props.onPlay(at);
      setChosen(null);
    } else if (marking && (event.key === '[' || event.key === ']'))
      marking.onMarkEnd(event.key === '[' ? 'mark_start' : 'mark_end', at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  useWheel(canvas, (event) => {
    const factor = Math.min(WHEEL_MOST, Math.max(1 / WHEEL_MOST, WHEEL_STEP ** (event.deltaY / 100)));
    props.onShow(zoomed(props.shown, instantAt(xIn(event), props.shown, width_px), factor));
  });

  const told = pointed ?? chosen;
  return (
    <div class="timeline">
      <canvas
        ref={canvas}
        class="timeline-canvas"
        style={{ height: `${height_px}px` }}
        tabIndex={0}
        role="slider"
        aria-label={props.name ? `${props.name} ${t('timeline.label')}` : t('timeline.label')}
        aria-valuemin={Math.round(props.shown.from / SECOND_MS)}
        aria-valuemax={Math.round(props.shown.to / SECOND_MS)}
        aria-valuenow={Math.round(at / SECOND_MS)}
        aria-valuetext={`${formatInstant(at, language)} ${becameOf(at)}`}
        aria-describedby={keys_id}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = {
            x: xIn(event),
            shown: props.shown,
            moved: false,
            marks: event.shiftKey && marking !== undefined,
          };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => (drag.current = null)}
        onPointerLeave={() => setPointed(null)}
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(null)}
      />
      {marking && <MarkBand mark={marking.mark} shown={props.shown} />}
      <span id={keys_id} class="only-read">
        {t('timeline.keys')}
      </span>
      {props.activity?.lack && <Lack lack={props.activity.lack} />}
      {told !== null && (
        <Told
          camera={pointed === null || !isRecorded(props.stretches, told) ? null : props.camera}
          at={told}
          words={becameOf(told)}
          x_px={xOf(told, props.shown, width_px)}
          width_px={width_px}
        />
      )}
    </div>
  );
}

function isRecorded(stretches: Stretch[], at: Instant): boolean {
  return stretchAt(stretches, at)?.kind === 'recorded';
}

/** What became of an instant, and how much moved then; of what isn't recorded nothing is said to have moved or not. */
function describeInstant(at: Instant, props: TimelineProps, t: Translate): string {
  const stretch = describeStretch(stretchAt(props.stretches, at), props.now, t);
  const level = isRecorded(props.stretches, at) ? levelAt(props.activity?.hours ?? [], at) : undefined;
  return level === undefined ? stretch : `${stretch} · ${describeActivity(level, t)}`;
}

/** Why no activity stands in its band. */
function Lack({ lack }: { lack: ActivityLack }): JSX.Element {
  const { t } = useWords();
  return <p class={`timeline-lack timeline-lack-${lack}`}>{t(`activity.${lack}`)}</p>;
}

/** What stands at the pointer, or at the instant chosen by keys. */
function Told(props: {
  /** Whose picture is shown with it; nothing: none is. */
  camera: string | null;
  at: Instant;
  words: string;
  x_px: number;
  width_px: number;
}): JSX.Element {
  const left = Math.min(Math.max(props.x_px, TOLD_HALF_PX), props.width_px - TOLD_HALF_PX);
  return (
    <div class="timeline-told" style={{ left: `${left}px` }}>
      {props.camera !== null && <PointedPicture camera={props.camera} at={props.at} />}
      <strong>{formatClock(props.at)}</strong> {props.words}
    </div>
  );
}

export function useWidth(canvas: { current: HTMLElement | null }): number {
  const [width_px, setWidth] = useState(1);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(1, element.clientWidth)));
    observer.observe(element);
    setWidth(Math.max(1, element.clientWidth));
    return () => observer.disconnect();
  }, []);
  return width_px;
}

function useDrawing(
  canvas: { current: HTMLCanvasElement | null },
  width_px: number,
  height_px: number,
  drawn: TimelineDrawing & { theme: string },
): void {
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(width_px * ratio);
    element.height = Math.round(height_px * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawTimeline(context, width_px, height_px, drawn, coloursOf(element));
  }, [
    width_px,
    height_px,
    drawn.stretches,
    drawn.activity,
    drawn.shown,
    drawn.now,
    drawn.cursor,
    drawn.pointed,
    drawn.theme,
  ]);
}

/** Not by a property: those listeners may not keep the page from scrolling. */
function useWheel(canvas: { current: HTMLCanvasElement | null }, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const element = canvas.current;
    const listener = (event: WheelEvent): void => {
      event.preventDefault();
      latest.current(event);
    };
    element?.addEventListener('wheel', listener, { passive: false });
    return () => element?.removeEventListener('wheel', listener);
  }, []);
}

/** The whole day that `at` lies in. */
export function dayOf(day_start: Instant): Span {
  return { from: day_start, to: day_start + DAY_MS };
}

import {
  DAY_MS,
  MINUTE_MS,
  dayStartOf,
  formatClock,
  formatMinute,
  formatMonthDay,
} from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import type { ActivityHour } from './activity';
import { ACTIVITY_HEIGHT_PX, drawActivity } from './draw_activity';
import { ticksOf, xOf } from './scale';
import type { Stretch } from './stretches';

/** What is drawn; colours come from the page's style. */
export interface TimelineDrawing {
  stretches: Stretch[];
  shown: Span;
  now: Instant;
  /** What is being shown above; nothing while that is live. */
  cursor: Instant | null;
  pointed: Instant | null;
  /** Nothing: no band is drawn for it. */
  activity: ActivityHour[] | null;
  /** Else a row below has them. */
  ticks: boolean;
}

export interface TimelineColours {
  recorded: string;
  gap: string;
  text: string;
  line: string;
  cursor: string;
  live: string;
  future: string;
  background: string;
  activity: string;
  none: string;
}

export function coloursOf(element: Element): TimelineColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    recorded: colour('--recorded'),
    gap: colour('--attention'),
    text: colour('--text-quiet'),
    line: colour('--line'),
    cursor: colour('--text'),
    live: colour('--live'),
    future: colour('--timeline-future'),
    background: colour('--timeline'),
    activity: colour('--activity'),
    none: colour('--none'),
  };
}

const BAR_TOP_PX = 8;
const BAR_HEIGHT_PX = 28;
const BAND_TOP_PX = BAR_TOP_PX + BAR_HEIGHT_PX + 2;
const HATCH_PX = 7;
const LABEL_DISTANCE_PX = 64;
const TICKS_HEIGHT_PX = 28;

/** Where the bars end and the ticks begin. */
function ticksTop(with_activity: boolean): number {
  return with_activity ? BAND_TOP_PX + ACTIVITY_HEIGHT_PX : BAR_TOP_PX + BAR_HEIGHT_PX;
}

export function timelineHeight(with_activity: boolean, ticks: boolean): number {
  return ticksTop(with_activity) + (ticks ? TICKS_HEIGHT_PX : 4);
}

/** Draws the whole timeline onto a canvas of `width_px` x `height_px` (CSS pixels; the context is scaled already). */
export function drawTimeline(
  context: CanvasRenderingContext2D,
  width_px: number,
  height_px: number,
  drawing: TimelineDrawing,
  colours: TimelineColours,
): void {
  context.clearRect(0, 0, width_px, height_px);
  context.fillStyle = colours.background;
  context.fillRect(0, BAR_TOP_PX, width_px, BAR_HEIGHT_PX);
  drawFuture(context, width_px, drawing, colours);
  for (const stretch of drawing.stretches) drawStretch(context, width_px, drawing.shown, stretch, colours);
  if (drawing.activity)
    drawActivity(context, width_px, BAND_TOP_PX, { ...drawing, hours: drawing.activity }, colours);
  const bottom_px = ticksTop(drawing.activity !== null);
  if (drawing.ticks) drawTicks(context, width_px, bottom_px, drawing.shown, colours);
  drawLine(context, width_px, bottom_px + 4, drawing.now, drawing.shown, colours.live);
  if (drawing.pointed !== null)
    drawLine(context, width_px, bottom_px, drawing.pointed, drawing.shown, colours.text);
  if (drawing.cursor !== null)
    drawCursor(context, width_px, bottom_px + 4, drawing.cursor, drawing.shown, colours);
}

function drawFuture(
  context: CanvasRenderingContext2D,
  width_px: number,
  drawing: TimelineDrawing,
  colours: TimelineColours,
): void {
  const x = Math.max(0, xOf(drawing.now, drawing.shown, width_px));
  if (x >= width_px) return;
  context.fillStyle = colours.future;
  context.fillRect(x, BAR_TOP_PX, width_px - x, BAR_HEIGHT_PX);
}

/** A stretch is never less than a pixel: a short gap must not vanish in a day. */
function drawStretch(
  context: CanvasRenderingContext2D,
  width_px: number,
  shown: Span,
  stretch: Stretch,
  colours: TimelineColours,
): void {
  if (stretch.kind === 'no_footage' || stretch.to <= shown.from || stretch.from >= shown.to) return;
  const from = Math.max(0, xOf(stretch.from, shown, width_px));
  const to = Math.min(width_px, xOf(stretch.to, shown, width_px));
  const width = Math.max(stretch.kind === 'gap' ? 2 : 1, to - from);
  if (stretch.kind === 'recorded') {
    context.fillStyle = colours.recorded;
    context.fillRect(from, BAR_TOP_PX, width, BAR_HEIGHT_PX);
    if (stretch.copies) drawCopies(context, from, width, stretch.copies, colours);
  } else {
    drawHatched(context, from, width, colours);
  }
}

/** As many bars, one above the other, as there are copies; more than four can't be told apart. */
function drawCopies(
  context: CanvasRenderingContext2D,
  from: number,
  width: number,
  copies: number,
  colours: TimelineColours,
): void {
  const bars = Math.min(copies, 4);
  context.fillStyle = colours.background;
  for (let bar = 1; bar < bars; ++bar)
    context.fillRect(from, BAR_TOP_PX + Math.round((bar * BAR_HEIGHT_PX) / bars) - 1, width, 2);
}

function drawHatched(
  context: CanvasRenderingContext2D,
  from: number,
  width: number,
  colours: TimelineColours,
): void {
  context.save();
  context.beginPath();
  context.rect(from, BAR_TOP_PX, width, BAR_HEIGHT_PX);
  context.clip();
  context.fillStyle = colours.background;
  context.fillRect(from, BAR_TOP_PX, width, BAR_HEIGHT_PX);
  context.strokeStyle = colours.gap;
  context.lineWidth = 2;
  context.beginPath();
  const first = Math.floor((from - BAR_HEIGHT_PX) / HATCH_PX) * HATCH_PX;
  for (let x = first; x < from + width; x += HATCH_PX) {
    context.moveTo(x, BAR_TOP_PX + BAR_HEIGHT_PX);
    context.lineTo(x + BAR_HEIGHT_PX, BAR_TOP_PX);
  }
  context.stroke();
  context.strokeRect(from, BAR_TOP_PX, width, BAR_HEIGHT_PX);
  context.restore();
}

function drawTicks(
  context: CanvasRenderingContext2D,
  width_px: number,
  top_px: number,
  shown: Span,
  colours: TimelineColours,
): void {
  const ticks = ticksOf(shown, width_px, LABEL_DISTANCE_PX);
  context.fillStyle = colours.text;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.font = `12px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textBaseline = 'top';
  for (const at of ticks.at) {
    const x = Math.round(xOf(at, shown, width_px)) + 0.5;
    context.beginPath();
    context.moveTo(x, top_px);
    context.lineTo(x, top_px + 6);
    context.stroke();
    const label = labelOf(at, ticks.step_ms);
    const left = x - context.measureText(label).width / 2;
    if (left >= 0 && left + context.measureText(label).width <= width_px)
      context.fillText(label, left, top_px + 8);
  }
}

function labelOf(at: Instant, step_ms: number): string {
  if (step_ms >= DAY_MS || dayStartOf(at) === at) return formatMonthDay(at);
  return step_ms < MINUTE_MS ? formatClock(at) : formatMinute(at);
}

function drawLine(
  context: CanvasRenderingContext2D,
  width_px: number,
  height_px: number,
  at: Instant,
  shown: Span,
  colour: string,
): void {
  const x = Math.round(xOf(at, shown, width_px));
  if (x < 0 || x > width_px) return;
  context.fillStyle = colour;
  context.fillRect(x, 0, 1, height_px);
}

function drawCursor(
  context: CanvasRenderingContext2D,
  width_px: number,
  height_px: number,
  at: Instant,
  shown: Span,
  colours: TimelineColours,
): void {
  const x = Math.round(xOf(at, shown, width_px));
  if (x < 0 || x > width_px) return;
  context.fillStyle = colours.cursor;
  context.fillRect(x - 1, 0, 2, height_px);
  context.beginPath();
  context.moveTo(x - 6, 0);
  context.lineTo(x + 6, 0);
  context.lineTo(x, BAR_TOP_PX);
  context.fill();
}

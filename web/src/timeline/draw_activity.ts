import type { Instant, Span } from '../time/office_time';
import { NOTABLE_LEVEL, columnsOf } from './activity';
import type { ActivityHour, Level } from './activity';

export const ACTIVITY_HEIGHT_PX = 16;
const LEVEL_MAX = 100;
const DOT_PX = 2;
const DOT_EACH_PX = 6;

export interface ActivityDrawing {
  hours: ActivityHour[];
  shown: Span;
  now: Instant;
}

export interface ActivityColours {
  background: string;
  activity: string;
  none: string;
}

/**
 * A band of bars at `top_px`: as high as the level, on a line where it is known, dots where it isn't. What is notable is darker too. Nothing stands
 * where nobody asked.
 */
export function drawActivity(
  context: CanvasRenderingContext2D,
  width_px: number,
  top_px: number,
  drawing: ActivityDrawing,
  colours: ActivityColours,
): void {
  context.fillStyle = colours.background;
  context.fillRect(0, top_px, width_px, ACTIVITY_HEIGHT_PX);
  const bottom_px = top_px + ACTIVITY_HEIGHT_PX;
  const columns = columnsOf(drawing.hours, drawing.shown, width_px, drawing.now);
  columns.forEach((level, x) => drawColumn(context, x, bottom_px, level, colours));
}

function drawColumn(
  context: CanvasRenderingContext2D,
  x: number,
  bottom_px: number,
  level: Level | undefined,
  colours: ActivityColours,
): void {
  if (level === undefined) return;
  context.fillStyle = level !== null && level >= NOTABLE_LEVEL ? colours.activity : colours.none;
  if (level !== null) {
    const height_px = 1 + Math.round((level / LEVEL_MAX) * (ACTIVITY_HEIGHT_PX - 1));
    context.fillRect(x, bottom_px - height_px, 1, height_px);
  } else if (x % DOT_EACH_PX < DOT_PX) {
    context.fillRect(x, bottom_px - ACTIVITY_HEIGHT_PX / 2 - 1, 1, DOT_PX);
  }
}

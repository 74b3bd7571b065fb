/** Narrower tiles tell nothing: then there are fewer beside each other, and the wall scrolls. */
const TILE_LEAST_PX = 180;
const SHAPE = 16 / 9;
/** The line above a picture that says which camera it is: over the picture it would hide the camera's own clock. */
export const HEAD_PX = 26;

/** How many tiles stand beside each other, and how high a row is, so that pictures are as large as they can be. */
export interface Grid {
  columns: number;
  row_px: number;
}

export function gridFor(count: number, width_px: number, height_px: number): Grid {
  let best = { columns: 1, picture_px: 0 };
  for (let columns = 1; columns <= Math.max(1, count); ++columns) {
    const rows = Math.ceil(count / columns);
    const picture_px = Math.min(width_px / columns, (height_px / rows - HEAD_PX) * SHAPE);
    if (picture_px > best.picture_px) best = { columns, picture_px };
  }
  const rows = Math.max(1, Math.ceil(count / best.columns));
  if (best.picture_px >= TILE_LEAST_PX) return { columns: best.columns, row_px: height_px / rows };
  const columns = Math.max(1, Math.floor(width_px / TILE_LEAST_PX));
  return { columns, row_px: HEAD_PX + width_px / columns / SHAPE };
}

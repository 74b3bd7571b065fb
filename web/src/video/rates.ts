/** How many times real time the past is played. */
export const RATES = [0.25, 0.5, 1, 2, 4, 8, 16];

/** The next speed in that direction; the last one stays. */
export function rateBeside(rate: number, by: -1 | 1): number {
  return RATES[RATES.indexOf(rate) + by] ?? rate;
}

/** Also for what the element loads from now on, which would begin at real time again. */
export function setRateOf(video: HTMLVideoElement, rate: number): void {
  video.defaultPlaybackRate = rate;
  video.playbackRate = rate;
}

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import { liveAddress } from '../api/cameras';
import type { Camera, Stream } from '../api/cameras';
import { now as serverNow } from '../time/clock';
import type { Instant } from '../time/office_time';
import { keepStream } from './kept_streams';
import { codingFor, noteLacking } from './lacking';
import { KEPT_OF_MANY_S, KEPT_OF_ONE_S, LiveStream } from './live_stream';
import { useStream } from './stream_choice';

const AGAIN_AFTER_MS = 2000;
/** Others watch, mostly for longer. */
const BUSY_AGAIN_AFTER_MS = 10_000;
/** A sub stream is asked for at the camera only now. From then on the main one is shown instead, which is there. */
const SUB_COMES_WITHIN_MS = 8000;
/** From then on the age of the newest frame is told; from then on the picture is covered. */
export const TOLD_AFTER_MS = 2000;
export const COVERED_AFTER_MS = 5000;

/** Worth another try by itself. */
const PASSING = [
  'ended',
  'unavailable',
  'unreachable',
  'deadline_exceeded',
  'resource_exhausted',
  'aborted',
  'internal',
];

export interface Live {
  /** Nothing: not known yet. */
  stream: Stream | null;
  /** When the newest frame that is, or is about to be, on the screen came. Nothing: none came since it was asked for. */
  frame_at: Instant | null;
  /** A code of the API's, where trying again is of no use, or not soon. */
  problem: string | null;
  /** The PC can't keep up: keyframes alone are shown. */
  sparse: boolean;
  again: () => void;
  freeze: () => void;
}

interface Asked {
  /** Whether anything is to be pulled at all. */
  wanted: boolean;
  /** Paused: the picture stays as it is. */
  held: boolean;
  /** One among many: less of it is kept to go back in. */
  of_many: boolean;
  /** Whether what has come is kept, to go back in, when the picture goes. */
  kept: RefObject<boolean>;
}

/** What a camera shows now, in a video element of any size; begun again by itself where that may help. */
export function useLive(camera: Camera, video: RefObject<HTMLVideoElement | null>, asked: Asked): Live {
  const live_stream = useRef<LiveStream | null>(null);
  const going = useRef(false);
  useEffect(() => () => void (going.current = true), []); // its cleanup comes first
  const [round, setRound] = useState(0);
  const [frame_at, setFrameAt] = useState<Instant | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [sparse, setSparse] = useState(false);
  const [main_only, setMainOnly] = useState<string | null>(null);
  const chosen = useStream(camera, video, asked.held);
  const stream = main_only === camera.id && chosen !== null ? 'main' : chosen;

  useEffect(() => {
    if (!video.current || stream === null || !asked.wanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leaveSub = (): void => setMainOnly(camera.id);
    const patience = stream === 'sub' ? setTimeout(leaveSub, SUB_COMES_WITHIN_MS) : undefined;
    const kept_s = asked.of_many ? KEPT_OF_MANY_S : KEPT_OF_ONE_S;
    setSparse(false);
    const what = `${camera.id} ${stream}`;
    const coding = codingFor(what);
    const again_after = (wait_ms: number): void => {
      timer = setTimeout(() => setRound((last) => last + 1), wait_ms);
    };
    const live = new LiveStream(video.current, liveAddress(camera.id, stream, coding), kept_s, {
      onFrame: (late_ms) => {
        clearTimeout(patience);
        setFrameAt(serverNow() - late_ms);
        setProblem(null);
      },
      onSparse: setSparse,
      onEnd: (code) => {
        if (code === 'no_sub_stream') return leaveSub();
        if (code === 'format' && coding === 'as_sent') {
          noteLacking(what);
          return again_after(0);
        }
        if (PASSING.includes(code)) return again_after(AGAIN_AFTER_MS);
        setProblem(code);
        if (code === 'transcodes_busy') again_after(BUSY_AGAIN_AFTER_MS);
      },
    });
    live_stream.current = live;
    live.start();
    return () => {
      clearTimeout(timer);
      clearTimeout(patience);
      if (going.current && asked.kept.current) keepStream(camera.id, live);
      else live.stop();
    };
  }, [camera.id, stream, round, asked.wanted]);
  // Since then nothing was asked for, so nothing is missing.
  useEffect(() => {
    if (!asked.wanted) setFrameAt(null);
  }, [asked.wanted]);

  const again = useCallback(() => setRound((last) => last + 1), []);
  const freeze = useCallback(() => live_stream.current?.freeze(), []);
  return { stream, frame_at, problem, sparse, again, freeze };
}

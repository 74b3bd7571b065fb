import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { fetchThumbnail } from '../api/thumbnails';
import { formatClock, formatInstant } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';

/** A pointer that passes by asks for nothing: what is shown was looked at, and is on record. */
const REST_MS = 200;

interface Shown {
  url: string;
  at: Instant;
}

/** The small picture of the instant where the pointer rests, with its own time; nothing until it is there. */
export function PointedPicture({ camera, at }: { camera: string; at: Instant }): JSX.Element | null {
  const { t, language } = useWords();
  const shown = useThumbnail(camera, at);
  if (shown === null) return null;
  return (
    <figure class="pointed-picture">
      <img src={shown.url} alt={t('timeline.picture_of', { instant: formatInstant(shown.at, language) })} />
      <figcaption>{formatClock(shown.at)}</figcaption>
    </figure>
  );
}

function useThumbnail(camera: string, at: Instant): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let url: string | null = null;
    const ask = async (): Promise<void> => {
      const thumbnail = await fetchThumbnail(camera, at, stop.signal);
      if (stop.signal.aborted) return;
      url = URL.createObjectURL(thumbnail.jpeg);
      setShown({ url, at: thumbnail.at });
    };
    // Without one the time alone is shown: a gap, or all who make pictures are busy.
    const timer = setTimeout(() => void ask().catch(() => undefined), REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
      if (url !== null) URL.revokeObjectURL(url);
      setShown(null);
    };
  }, [camera, at]);
  return shown;
}

import { useEffect, useState } from 'react';
import { countdown } from '../format/dates.ts';
import { useTexts } from '../texts.ts';
import { elapsedTexts } from './elapsed.texts.ts';

/** After so long it is no longer one sitting, and the figure says nothing. */
const MOST_SECONDS = 24 * 3_600;

const secondsSince = (since: string): number =>
  Math.max(0, Math.floor((Date.now() - new Date(since).getTime()) / 1_000));

/** How long something goes on, counted while one looks; nothing where it is more than a day. */
export function Elapsed({ since }: { readonly since: string }) {
  const texts = useTexts(elapsedTexts);
  const [seconds, setSeconds] = useState(() => secondsSince(since));
  useEffect(() => {
    const timer = setInterval(() => setSeconds(secondsSince(since)), 1_000);
    return () => clearInterval(timer);
  }, [since]);
  if (seconds > MOST_SECONDS) return null;
  return (
    <span className="meta num" role="timer">
      {texts.elapsed(countdown(seconds))}
    </span>
  );
}

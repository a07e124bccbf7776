import { count } from '../../../format/numbers.ts';
import { useTexts } from '../../../texts.ts';
import { jobsTexts } from './jobs.texts.ts';

/** `3 min 11 s` of whole seconds. */
export function useDuration(): (seconds: number) => string {
  const texts = useTexts(jobsTexts);
  return (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    return whole < 60
      ? texts.seconds(count(whole))
      : texts.minutes(count(Math.floor(whole / 60)), String(whole % 60).padStart(2, '0'));
  };
}

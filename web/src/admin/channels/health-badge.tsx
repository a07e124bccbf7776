import { countdown } from '../../format/dates.ts';
import { useCountdown } from '../../parts/countdown.tsx';
import { useTexts } from '../../texts.ts';
import type { ChannelHealth } from './channel-queries.ts';
import type { ChannelState } from './channels-search.ts';
import { channelsTexts } from './channels.texts.ts';

const marks = { in_use: 'credit', cooling: 'warning', on_trial: 'held', out_of_use: 'off' } as const;

interface HealthBadgeProps {
  readonly state: ChannelState;
  readonly cooldown: ChannelHealth['cooldown'];
}

/** How a channel or a key of one is doing; a cooldown counts down. */
export function HealthBadge({ state, cooldown }: HealthBadgeProps) {
  const { states } = useTexts(channelsTexts);
  const left = useCountdown(Math.ceil((cooldown?.back_in_ms ?? 0) / 1000), cooldown);
  return (
    <span className={`badge ${marks[state]}`}>
      {states[state]} {state === 'cooling' && left > 0 && <span className="num">{countdown(left)}</span>}
    </span>
  );
}

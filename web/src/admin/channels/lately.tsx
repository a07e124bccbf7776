import { useTexts } from '../../texts.ts';
import type { ChannelHealth } from './channel-queries.ts';
import { channelsTexts } from './channels.texts.ts';

type Slice = ChannelHealth['lately'][number];

/** A failure among hundreds is no warning: the next channel answered that call. */
const HEALTHY = 0.98;
const FAILING = 0.8;

const STEP = 5;
const WIDTH = 4;
const HEIGHT = 24;
/** What is worse stands out by its height as well. */
const TOPS = { ok: 4, slow: 2, bad: 0, none: 20 } as const;

function toneOf({ answered, failed }: Slice): keyof typeof TOPS {
  const all = answered + failed;
  if (all === 0) return 'none';
  if (answered >= HEALTHY * all) return 'ok';
  return answered >= FAILING * all ? 'slow' : 'bad';
}

const sum = (lately: readonly Slice[], how: keyof Slice) =>
  lately.reduce((total, slice) => total + slice[how], 0);

/** Never rounded up: whatever failed, it is not all that was asked for. */
function sharePercent(lately: readonly Slice[]): string | undefined {
  const answered = sum(lately, 'answered');
  const all = answered + sum(lately, 'failed');
  return all === 0 ? undefined : (Math.floor((1_000 * answered) / all) / 10).toFixed(1);
}

interface LatelyProps {
  readonly name: string;
  readonly lately: readonly Slice[];
  readonly isNarrow?: true;
}

/** How the calls of a channel ended in the last two hours, five minutes a tick. */
export function Lately({ name, lately, isNarrow }: LatelyProps) {
  const texts = useTexts(channelsTexts);
  const share = sharePercent(lately);
  return (
    <svg
      className={isNarrow ? 'ticks narrow' : 'ticks'}
      viewBox={`0 0 ${lately.length * STEP - 1} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={share === undefined ? texts.noCallLately(name) : texts.latelyOf(name, share)}
    >
      {lately.map((slice, index) => {
        const tone = toneOf(slice);
        const top = TOPS[tone];
        return (
          <rect key={index} className={tone} x={index * STEP} y={top} width={WIDTH} height={HEIGHT - top} />
        );
      })}
    </svg>
  );
}

/** What the ticks mean. */
export function LatelyLegend() {
  const { ticks } = useTexts(channelsTexts);
  return (
    <ul className="tick-legend">
      {(['ok', 'slow', 'bad', 'none'] as const).map((tone) => (
        <li key={tone}>
          <svg className="tick" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
            <rect className={`t-${tone}`} y={TOPS[tone]} width={WIDTH} height={HEIGHT - TOPS[tone]} />
          </svg>
          {ticks[tone]}
        </li>
      ))}
    </ul>
  );
}

/** The same in words. */
export function LatelyWords({ lately }: Pick<LatelyProps, 'lately'>) {
  const texts = useTexts(channelsTexts);
  const share = sharePercent(lately);
  return <>{share === undefined ? texts.noCall : texts.lately(share)}</>;
}

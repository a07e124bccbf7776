import { useId } from 'react';

export interface ChartLine {
  readonly key: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
}

interface StackedChartProps {
  readonly buckets: readonly string[];
  /** From the foot of the stack up; at most eight. */
  readonly lines: readonly ChartLine[];
  /** What is seen, in words. */
  readonly summary: string;
  readonly axis: (value: number) => string;
}

const STEPS = [1, 2, 2.5, 5, 10] as const;
const INTERVALS = 4;
const LABELS = 8;
/** Of the width of a bucket. */
const BAR = 0.68;

/** The least round number above the highest bar that four lines part evenly. */
export function topOf(highest: number): number {
  if (highest <= 0) return 1;
  const step = highest / INTERVALS;
  const power = 10 ** Math.floor(Math.log10(step));
  return INTERVALS * power * (STEPS.find((each) => each * power >= step * (1 - 1e-9)) ?? 10);
}

/** Bars from zero, a colour a line, parted by hairlines; the text is HTML, so that it is never scaled. Missing data is a gap. */
export function StackedChart({ buckets, lines, summary, axis }: StackedChartProps) {
  const id = useId();
  const totals = buckets.map((_bucket, index) =>
    lines.reduce((total, { values }) => total + Math.max(0, values[index] ?? 0), 0),
  );
  const top = topOf(Math.max(0, ...totals));
  const slot = 100 / Math.max(1, buckets.length);
  return (
    <>
      <ul className="legend">
        {lines.map(({ key, name }, index) => (
          <li key={key}>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect className={`c${index + 1}`} width="10" height="10" rx="1" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <div className="chart">
        <div className="chart-y" aria-hidden="true">
          {Array.from({ length: INTERVALS + 1 }, (_, line) => (
            <span key={line}>{axis((top * (INTERVALS - line)) / INTERVALS)}</span>
          ))}
        </div>
        <svg
          className="chart-plot"
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={id}
        >
          <title id={id}>{summary}</title>
          {Array.from({ length: INTERVALS }, (_, line) => (
            <line key={line} x1="0" x2="100" y1={line * 25} y2={line * 25} />
          ))}
          {buckets.map((bucket, index) => (
            <Bar
              key={bucket}
              lines={lines}
              index={index}
              x={slot * (index + (1 - BAR) / 2)}
              width={slot * BAR}
              top={top}
            />
          ))}
          <line className="axis" x1="0" x2="100" y1="100" y2="100" />
        </svg>
        <BucketLabels buckets={buckets} />
      </div>
    </>
  );
}

interface BarProps {
  readonly lines: readonly ChartLine[];
  readonly index: number;
  readonly x: number;
  readonly width: number;
  readonly top: number;
}

function Bar({ lines, index, x, width, top }: BarProps) {
  const heights = lines.map(({ values }) => (100 * Math.max(0, values[index] ?? 0)) / top);
  const feet = heights.map((_height, place) => heights.slice(0, place).reduce((sum, each) => sum + each, 0));
  return heights.map((height, place) =>
    height > 0 ? (
      <rect
        key={place}
        className={`c${place + 1}`}
        x={x.toFixed(3)}
        y={(100 - (feet[place] ?? 0) - height).toFixed(3)}
        width={width.toFixed(3)}
        height={height.toFixed(3)}
      />
    ) : null,
  );
}

/** As many as can be read; half of them on small screens. */
function BucketLabels({ buckets }: { readonly buckets: readonly string[] }) {
  const every = Math.ceil(buckets.length / (2 * LABELS)) || 1;
  return (
    <div className="chart-x" aria-hidden="true">
      {buckets.map((bucket, index) => (
        <span className={index % (2 * every) === 0 ? undefined : 'minor'} key={bucket}>
          {index % every === 0 && bucket}
        </span>
      ))}
    </div>
  );
}

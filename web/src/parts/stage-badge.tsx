const marks = {
  placed: 'held',
  opened: 'held',
  paid: 'held',
  credited: 'credit',
  expired: 'off',
  cancelled: 'off',
  failed: 'refused',
} as const;
type Stage = keyof typeof marks;

interface StageBadgeProps {
  readonly stage: Stage;
  readonly words: Readonly<Record<Stage, string>>;
}

/** How far an order has come, for who pays and for operators. */
export const StageBadge = ({ stage, words }: StageBadgeProps) => (
  <span className={`badge ${marks[stage]}`}>{words[stage]}</span>
);

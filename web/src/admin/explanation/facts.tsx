import type { ReactNode } from 'react';
import { Card } from '../../parts/page-head.tsx';

interface FactsCardProps {
  readonly title: string;
  /** What is not known is left out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and values of one thing. */
export const FactsCard = ({ title, facts }: FactsCardProps) => (
  <Card title={title}>
    <div className="card-body">
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== null && value !== undefined && value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </div>
  </Card>
);

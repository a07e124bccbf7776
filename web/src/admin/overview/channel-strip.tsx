import { Link } from '@tanstack/react-router';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { HealthBadge } from '../channels/health-badge.tsx';
import type { Overview } from './overview-query.ts';
import { overviewTexts } from './overview.texts.ts';

/** A failure among hundreds is no warning: the next channel answered that call. */
const HEALTHY = 0.98;
const FAILING = 0.8;

function toneOf(answered: number, all: number): 'healthy' | 'warning' | 'failing' {
  if (answered >= HEALTHY * all) return 'healthy';
  return answered >= FAILING * all ? 'warning' : 'failing';
}

/** Each channel, whether calls go there, and how they ended. */
export function ChannelStrip({ channels }: { readonly channels: NonNullable<Overview['channels']> }) {
  const texts = useTexts(overviewTexts);
  return (
    <Card title={texts.channels} aside={<Link to="/admin/channels">{texts.allChannels}</Link>}>
      <div className="card-body">
        {channels.length === 0 ? (
          <p className="muted">{texts.noChannel}</p>
        ) : (
          <ul className="strip">
            {channels.map(({ channel_id: id, name, state, cooldown, response }) => {
              const answered = response?.answered ?? 0;
              const all = answered + (response?.failed ?? 0);
              return (
                <li key={id}>
                  <div className="row-apart">
                    <Link to="/admin/channels/$id" params={{ id }}>
                      <strong>{name}</strong>
                    </Link>
                    <HealthBadge state={state} cooldown={cooldown} />
                  </div>
                  <progress
                    className={`progress ${toneOf(answered, all)}`}
                    max={Math.max(1, all)}
                    value={answered}
                    aria-label={texts.answeredOf(name)}
                  />
                  <p className="meta">
                    {all === 0 ? texts.neverCalled : texts.answeredOfAll(count(answered), count(all))}
                    {response && answered > 0 && ` · ${texts.milliseconds(count(response.average_ms))}`}
                  </p>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </Card>
  );
}

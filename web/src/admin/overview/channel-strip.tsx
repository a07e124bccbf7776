import { Link } from '@tanstack/react-router';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { HealthBadge } from '../channels/health-badge.tsx';
import { Lately, LatelyWords } from '../channels/lately.tsx';
import type { Overview } from './overview-query.ts';
import { overviewTexts } from './overview.texts.ts';

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
            {channels.map(({ channel_id: id, name, state, cooldown, response, lately }) => (
              <li key={id}>
                <div className="row-apart">
                  <Link to="/admin/channels/$id" params={{ id }}>
                    <strong>{name}</strong>
                  </Link>
                  <HealthBadge state={state} cooldown={cooldown} />
                </div>
                <Lately name={name} lately={lately} />
                <p className="meta">
                  <LatelyWords lately={lately} />
                  {response &&
                    response.answered > 0 &&
                    ` · ${texts.milliseconds(count(response.average_ms))}`}
                </p>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

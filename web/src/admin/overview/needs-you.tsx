import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { useReason } from '../channels/reason.ts';
import type { Overview } from './overview-query.ts';
import { overviewTexts } from './overview.texts.ts';

interface Matter {
  readonly key: string;
  readonly mark: 'refused' | 'warning';
  readonly what: ReactNode;
  readonly meta: string;
}

/** What waits for a person, or that nothing does. */
export function NeedsYou({ overview }: { readonly overview: Overview }) {
  const texts = useTexts(overviewTexts);
  const reason = useReason();
  const channels = (overview.channels ?? []).flatMap((channel): readonly Matter[] => {
    const { channel_id: id, name, state } = channel;
    if (state === 'in_use') return [];
    const why = channel.cooldown?.reason ?? channel.last_check?.reason;
    return [
      {
        key: id,
        mark: state === 'out_of_use' ? 'refused' : 'warning',
        what: (
          <Link to="/admin/channels/$id" params={{ id }}>
            {texts.channelStates[state](name)}
          </Link>
        ),
        meta: why ? reason(why) : texts.noReason,
      },
    ];
  });
  const open: readonly Matter[] = [
    ...channels,
    ...(overview.open_doubts > 0
      ? [
          {
            key: ' doubts',
            mark: 'warning' as const,
            what: (
              <Link to="/admin/ledger" search={{ tab: 'doubts' }}>
                {texts.doubts(count(overview.open_doubts))}
              </Link>
            ),
            meta: texts.doubtsNote,
          },
        ]
      : []),
    ...(overview.open_alerts > 0
      ? [
          {
            key: ' alerts',
            mark: 'warning' as const,
            what: <Link to="/admin/alerts">{texts.alerts(count(overview.open_alerts))}</Link>,
            meta: '',
          },
        ]
      : []),
  ];
  return (
    <Card title={texts.needsYou}>
      <div className="card-body">
        {open.length === 0 ? (
          <p className="muted">{texts.nothingWaits}</p>
        ) : (
          <ol className="timeline">
            {open.map(({ key, mark, what, meta }) => (
              <li className={mark} key={key}>
                <span className="what">{what}</span>
                <span className="meta">{meta}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </Card>
  );
}

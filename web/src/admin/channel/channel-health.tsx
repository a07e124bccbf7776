import type { ReactNode } from 'react';
import { useZone } from '../../api/status.ts';
import { countdown } from '../../format/dates.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { useCountdown } from '../../parts/countdown.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import type { Channel, ChannelHealth } from '../channels/channel-queries.ts';
import { useReason } from '../channels/reason.ts';
import { channelTexts } from './channel.texts.ts';

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

interface ChannelHealthProps {
  readonly channel: Channel;
  readonly health: ChannelHealth;
}

/** How a channel is doing now. A cooldown counts down in large. */
export function ChannelHealthCard({ channel, health }: ChannelHealthProps) {
  const texts = useTexts(channelTexts);
  const reason = useReason();
  const zone = useZone();
  const { cooldown, response, last_check: check, disabled } = health;
  const left = useCountdown(Math.ceil((cooldown?.back_in_ms ?? 0) / 1000), cooldown);
  return (
    <Card title={texts.doing}>
      <div className="card-body">
        {left > 0 && (
          <p className="lead-figure">
            {countdown(left)} <span className="unit">{texts.back}</span>
          </p>
        )}
        <dl className="facts">
          {cooldown && <Fact name={texts.failures}>{count(cooldown.failures)}</Fact>}
          {(cooldown ?? disabled) && (
            <Fact name={texts.why}>{cooldown ? reason(cooldown.reason) : disabled?.reason}</Fact>
          )}
          <Fact name={texts.running}>{count(health.running_calls)}</Fact>
          <Fact name={texts.answered}>{response ? count(response.answered) : '–'}</Fact>
          <Fact name={texts.failed}>{response ? count(response.failed) : '–'}</Fact>
          <Fact name={texts.average}>
            {response && response.answered > 0 ? texts.milliseconds(count(response.average_ms)) : '–'}
          </Fact>
          <Fact name={texts.checked}>
            {check ? (
              <>
                {texts.outcomes[check.outcome]}
                {check.reason !== null && `, ${reason(check.reason)}`} · {moment(check.at, zone)}
              </>
            ) : (
              '–'
            )}
          </Fact>
        </dl>
        <p className="meta">
          {texts.address} <code>{channel.call_address}</code>
        </p>
      </div>
    </Card>
  );
}

import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { countdown } from '../../format/dates.ts';
import { count } from '../../format/numbers.ts';
import { useCountdown } from '../../parts/countdown.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import type { ChannelHealth } from './channel-queries.ts';
import { coolingTexts } from './cooling.texts.ts';
import { LatelyWords } from './lately.tsx';
import { useReason } from './reason.ts';
import { TryDialog } from './try-dialog.tsx';

type Cooldown = NonNullable<ChannelHealth['cooldown']>;

/** What is left alone for a while: a channel, a model of it, one of its keys, or a model by that key. */
interface Cooling {
  readonly id: string;
  readonly of: ChannelHealth;
  readonly key?: string;
  readonly model?: string;
  readonly cooldown: Cooldown;
}

/** All that cools of a channel, the whole of it first: what is left of it says how much of the channel is left. */
function coolingOf(of: ChannelHealth): readonly Cooling[] {
  const { channel_id: id, cooldown, keys, models } = of;
  const parts = [
    { id, cooldown },
    ...models.map(({ model, ...told }) => ({ id: `${id}#${model}`, model, cooldown: told })),
    ...keys.map((key) => ({ id: `${id}/${key.id}`, key: key.id, cooldown: key.cooldown })),
    ...keys.flatMap((key) =>
      key.models.map(({ model, ...told }) => ({
        ...{ id: `${id}/${key.id}#${model}`, key: key.id, model, cooldown: told },
      })),
    ),
  ];
  return parts.flatMap(({ cooldown: told, ...part }) =>
    told !== null && (told.back_in_ms ?? 0) > 0 ? [{ ...part, of, cooldown: told }] : [],
  );
}

/** Whether there is anything that `CoolingCard` would show. */
export const isCooling = (states: readonly ChannelHealth[]): boolean =>
  states.some((of) => coolingOf(of).length > 0);

const leftOf = ({ cooldown }: Cooling): number => cooldown.back_in_ms ?? 0;

/** What cools longest, large, and what else does; nothing where nothing cools. */
export function CoolingCard({ states }: { readonly states: readonly ChannelHealth[] }) {
  const texts = useTexts(coolingTexts);
  const mayTry = useMay()('channels:write');
  const reason = useReason();
  const [isTried, setTried] = useState(false);
  const [longest, ...others] = states
    .flatMap(coolingOf)
    .toSorted((one, other) => leftOf(other) - leftOf(one));
  if (!longest) return null;
  const { of, cooldown } = longest;
  return (
    <Card title={texts.cools(of.name, partOf(texts, longest))}>
      <div className="card-body">
        <Left cooling={longest} />
        <dl className="facts">
          <div>
            <dt>{texts.why}</dt>
            <dd>{reason(cooldown.reason)}</dd>
          </div>
          <div>
            <dt>{texts.failures}</dt>
            <dd>{count(cooldown.failures)}</dd>
          </div>
          <div>
            <dt>{texts.lately}</dt>
            <dd>
              <LatelyWords lately={of.lately} />
            </dd>
          </div>
          {others.map((other) => (
            <div key={other.id}>
              <dt>
                <Link to="/admin/channels/$id" params={{ id: other.of.channel_id }}>
                  {texts.named(other.of.name, partOf(texts, other))}
                </Link>
              </dt>
              <dd>
                <Clock cooling={other} /> · {reason(other.cooldown.reason)}
              </dd>
            </div>
          ))}
        </dl>
        {mayTry && (
          <div className="actions">
            <button className="button" type="button" onClick={() => setTried(true)}>
              {texts.tryNow}
            </button>
          </div>
        )}
        {isTried && <TryDialog first={of.channel_id} onClose={() => setTried(false)} />}
      </div>
    </Card>
  );
}

const partOf = (texts: (typeof coolingTexts)['en'], { key, model }: Cooling): string | undefined => {
  if (key !== undefined) return model === undefined ? texts.key(key) : texts.keyModel(key, model);
  return model === undefined ? undefined : texts.model(model);
};

function Left({ cooling }: { readonly cooling: Cooling }) {
  const texts = useTexts(coolingTexts);
  return (
    <p className="row-apart">
      <span className="lead-figure">
        <Clock cooling={cooling} />
      </span>
      <span className="muted small">{texts.untilTried}</span>
    </p>
  );
}

function Clock({ cooling: { cooldown } }: { readonly cooling: Cooling }) {
  const left = useCountdown(Math.ceil((cooldown.back_in_ms ?? 0) / 1_000), cooldown);
  return <span className="num">{countdown(left)}</span>;
}

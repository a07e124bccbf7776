import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { roundedUsd, QUOTA_PER_USD } from '../../format/money.ts';
import { count } from '../../format/numbers.ts';
import { ActsMenu } from '../../parts/menu.tsx';
import { useTexts } from '../../texts.ts';
import type { PersonKey } from './keys-queries.ts';
import { keysTexts } from './keys.texts.ts';

/** Of its limit, from where on a key will need somebody. */
const WARNING_PERCENT = 80;

/** How much of its limit a key has used, in whole percent; undefined without a limit. */
export const percentOf = ({ quota_limit: limit, used_quota: used }: PersonKey): number | undefined =>
  limit === null ? undefined : Math.min(100, Math.floor((100 * used) / limit));

/** Its state, or how near it is to its end. */
export function KeyBadge({ of: key }: { readonly of: PersonKey }) {
  const texts = useTexts(keysTexts);
  const percent = percentOf(key);
  if (key.state === 'enabled' && percent !== undefined && percent >= WARNING_PERCENT)
    return <span className="badge warning">{texts.used(count(percent))}</span>;
  const mark = { enabled: 'credit', disabled: 'off', expired: 'off', exhausted: 'warning' }[key.state];
  return <span className={`badge ${mark}`}>{texts.states[key.state]}</span>;
}

/** How much of its limit is used, as a bar. */
export function KeyBar({ of: key, thin = false }: { readonly of: PersonKey; readonly thin?: boolean }) {
  const texts = useTexts(keysTexts);
  const percent = percentOf(key);
  if (percent === undefined) return null;
  return (
    <progress
      className={`progress${thin ? ' thin' : ''}${percent >= WARNING_PERCENT ? ' warning' : ''}`}
      max="100"
      value={percent}
      aria-label={texts.usedOf(key.name, count(percent))}
    />
  );
}

/** What can be done with a key from its row. */
export type KeyAct = AskedKeyAct | 'disable';
/** What is asked about first. A key is disabled at once, and that can be undone: whoever lost it has no time. */
export type AskedKeyAct = 'change' | 'enable' | 'reset' | 'delete';

const actsOf = ({ state }: PersonKey): readonly KeyAct[] => [
  'change',
  state === 'disabled' ? 'enable' : 'disable',
  'reset',
  'delete',
];

const usd = (quota: number) => roundedUsd(quota / QUOTA_PER_USD);

interface KeyRowProps {
  readonly of: PersonKey;
  readonly onAct: (act: KeyAct) => void;
}

/** On small screens two lines: name, state and acts; then mask, what was spent and the limit. */
export function KeyRow({ of: key, onAct }: KeyRowProps) {
  const texts = useTexts(keysTexts);
  const zone = useZone();
  const day = (at: number) => moment(at, zone).slice(0, 'yyyy-mm-dd hh:mm'.length);
  return (
    <tr>
      <th scope="row" className="two">
        {key.name}
        <small>
          <code>{key.key}</code>
        </small>
      </th>
      <td className="on-line-1">
        <KeyBadge of={key} />
      </td>
      <td className="figure on-line-2">{usd(key.used_quota)}</td>
      <td className="figure on-line-2 of">
        {key.quota_limit === null ? texts.noLimit : usd(key.quota_limit)}
      </td>
      <td>{key.quota_limit === null ? <span className="muted">–</span> : <KeyBar of={key} thin />}</td>
      <td title={key.models.join(', ')}>
        {key.models.length === 0
          ? texts.allModels
          : key.models.length === 1
            ? key.models[0]
            : texts.models(count(key.models.length))}
      </td>
      <td>
        <time>{key.last_used_at === null ? texts.neverUsed : day(key.last_used_at)}</time>
      </td>
      <td>
        <time>{key.expires_at === null ? texts.never : day(key.expires_at)}</time>
      </td>
      <td className="acts">
        <ActsMenu
          label={texts.acts(key.name)}
          acts={actsOf(key).map((act) => ({
            name: texts[act],
            isDanger: act === 'delete',
            act: () => onAct(act),
          }))}
        />
      </td>
    </tr>
  );
}

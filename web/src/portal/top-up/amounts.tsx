import { shortCount } from '../../format/numbers.ts';
import { Field } from '../../parts/field.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { currencyText, withoutZeros } from './currency.ts';
import { CUSTOM, type Currency, type Draft } from './draft.ts';
import { topUpTexts } from './top-up.texts.ts';

interface AmountsProps {
  readonly currency: Currency;
  readonly draft: Draft;
  readonly error: string | undefined;
  readonly onChange: (changed: Partial<Draft>) => void;
}

/** The presets, and one's own. */
export function Amounts({ currency, draft, error, onChange }: AmountsProps) {
  const texts = useTexts(topUpTexts);
  const language = useLanguage();
  const short = (amount: string) => currencyText(amount, currency.currency, language).replace(/[.,]0+$/, '');
  return (
    <>
      <fieldset className="field">
        <legend className="label">{texts.amount}</legend>
        <div className="choices">
          {currency.presets.map(({ amount, quota }) => (
            <label className="choice" key={amount}>
              <input
                type="radio"
                name="amount"
                value={amount}
                checked={draft.amount === amount}
                onChange={() => onChange({ amount })}
              />
              <b>{short(amount)}</b>
              <small>{texts.quota(shortCount(quota))}</small>
            </label>
          ))}
          <label className="choice">
            <input
              type="radio"
              name="amount"
              value={CUSTOM}
              checked={draft.amount === CUSTOM}
              onChange={() => onChange({ amount: CUSTOM })}
            />
            <b>{texts.custom}</b>
            <small>{texts.between(short(currency.min), short(currency.max))}</small>
          </label>
        </div>
      </fieldset>
      {draft.amount === CUSTOM && (
        <Field
          label={texts.customAmount}
          name="custom"
          inputMode="decimal"
          suffix={currency.currency}
          placeholder={withoutZeros(currency.min)}
          value={draft.custom}
          error={error}
          onChange={({ target }) => onChange({ custom: target.value })}
        />
      )}
    </>
  );
}

interface MethodsProps {
  readonly methods: readonly string[];
  readonly chosen: string;
  readonly onChange: (changed: Partial<Draft>) => void;
}

/** How it is paid; a way that this page has no words for is called by its own name. */
export function Methods({ methods, chosen, onChange }: MethodsProps) {
  const texts = useTexts(topUpTexts);
  return (
    <fieldset className="field">
      <legend className="label">{texts.method}</legend>
      <div className="choices lines">
        {methods.map((method) => {
          const [name, note] = texts.methods[method] ?? [method, ''];
          return (
            <label className="choice" key={method}>
              <input
                type="radio"
                name="method"
                value={method}
                checked={chosen === method}
                onChange={() => onChange({ method })}
              />
              <b>{name}</b>
              <small>{note}</small>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

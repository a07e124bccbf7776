import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Select } from '../../parts/select.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { type CurrencyDraft, hasTwice, NEW_CURRENCY, type PaymentsDraft } from './payments-draft.ts';
import { paymentsFormTexts } from './payments-form.texts.ts';

type ErrorOf = (field: string) => string | undefined;

const OF_CURRENCY = ['rate', 'min', 'max', 'presets', 'tiers', 'fee'] as const;
const OF_ALL = ['preset_basis', 'open_most', 'hourly_most', 'bank', 'disputes'] as const;

const at = (currency: string, name: string) => `value.currencies.${currency.trim()}.${name}`;

/** What of the API's complaints the form says beside its fields. */
export const paymentFields = ({ currencies }: PaymentsDraft): readonly string[] => [
  ...currencies.flatMap(({ currency }) => OF_CURRENCY.map((name) => at(currency, name))),
  ...OF_ALL.map((name) => `value.${name}`),
];

interface PaymentsFormProps {
  readonly draft: PaymentsDraft;
  readonly errorOf: ErrorOf;
  readonly onChange: (draft: PaymentsDraft) => void;
}

/** What people can pay in, and what it buys. */
export function PaymentsForm({ draft, errorOf, onChange }: PaymentsFormProps) {
  const texts = useTexts(paymentsFormTexts);
  const { currencies } = draft;
  const change = (changed: Partial<PaymentsDraft>) => onChange({ ...draft, ...changed });
  const bind = (name: 'open_most' | 'hourly_most') => ({
    value: draft[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      change({ [name]: target.value }),
  });
  const choices = (words: Readonly<Record<string, string>>) => Object.entries(words);
  return (
    <>
      {currencies.map((currency, index) => (
        <CurrencyFields
          key={index}
          of={currency}
          isTwice={hasTwice({ ...draft, currencies: currencies.slice(0, index + 1) })}
          errorOf={errorOf}
          onChange={(changed) => change({ currencies: currencies.with(index, changed) })}
          onRemove={() => change({ currencies: currencies.toSpliced(index, 1) })}
        />
      ))}
      <div className="actions">
        <button
          className="button small"
          type="button"
          onClick={() => change({ currencies: [...currencies, NEW_CURRENCY] })}
        >
          <Icon name="plus" small />
          {texts.addCurrency}
        </button>
      </div>
      <div className="calculator">
        <Select
          label={texts.basis}
          value={draft.preset_basis}
          options={choices(texts.bases)}
          onChoose={(preset_basis) => change({ preset_basis })}
        />
        <Select
          label={texts.disputes}
          value={draft.disputes}
          options={choices(texts.disputing)}
          onChoose={(disputes) => change({ disputes })}
        />
        <Field
          label={texts.openMost}
          inputMode="numeric"
          error={errorOf('value.open_most')}
          {...bind('open_most')}
        />
        <Field
          label={texts.hourlyMost}
          inputMode="numeric"
          error={errorOf('value.hourly_most')}
          {...bind('hourly_most')}
        />
      </div>
      <BankFields draft={draft} errorOf={errorOf} onChange={onChange} />
    </>
  );
}

function BankFields({ draft, errorOf, onChange }: PaymentsFormProps) {
  const texts = useTexts(paymentsFormTexts);
  const bind = (name: 'instructions' | 'bankCurrencies') => ({
    value: draft[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      onChange({ ...draft, [name]: target.value }),
  });
  return (
    <>
      <TextArea
        label={texts.instructions}
        hint={texts.instructionsHint}
        rows={3}
        error={errorOf('value.bank.instructions')}
        {...bind('instructions')}
      />
      <Field
        label={texts.bankCurrencies}
        error={errorOf('value.bank.currencies')}
        {...bind('bankCurrencies')}
      />
    </>
  );
}

interface CurrencyFieldsProps {
  readonly of: CurrencyDraft;
  readonly isTwice: boolean;
  readonly errorOf: ErrorOf;
  readonly onChange: (draft: CurrencyDraft) => void;
  readonly onRemove: () => void;
}

function CurrencyFields({ of, isTwice, errorOf, onChange, onRemove }: CurrencyFieldsProps) {
  const texts = useTexts(paymentsFormTexts);
  const { currency } = of;
  const bind = (name: Exclude<keyof CurrencyDraft, 'tiers'>) => ({
    value: of[name],
    spellCheck: false,
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      onChange({ ...of, [name]: target.value }),
  });
  const amounts = ['rate', 'min', 'max'] as const;
  const title = currency === '' ? texts.ofNew : texts.of(currency);
  return (
    <fieldset className="stack part">
      <legend className="row-apart">
        <strong>{title}</strong>
      </legend>
      <div className="calculator">
        <Field label={texts.currency} error={isTwice ? texts.twice : undefined} {...bind('currency')} />
        {amounts.map((name) => (
          <Field
            key={name}
            label={texts[name]}
            inputMode="decimal"
            error={errorOf(at(currency, name))}
            {...bind(name)}
          />
        ))}
      </div>
      <Field
        label={texts.presets}
        hint={texts.presetsHint}
        error={errorOf(at(currency, 'presets'))}
        {...bind('presets')}
      />
      <Rows
        title={texts.tiers}
        hint={texts.tiersHint}
        columns={[
          { name: 'from', label: texts.from },
          { name: 'discount', label: texts.discount, suffix: '%' },
          { name: 'bonus', label: texts.bonus, suffix: '%' },
        ]}
        rows={of.tiers}
        empty={{ from: '', discount: '0', bonus: '0' }}
        errorOf={(row, name) => errorOf(at(currency, `tiers.${row}.${name}`))}
        onChange={(tiers) => onChange({ ...of, tiers })}
      />
      <FeeFields of={of} errorOf={errorOf} onChange={onChange} />
      <div className="actions">
        <button className="button small" type="button" onClick={onRemove}>
          {texts.removeCurrency(currency === '' ? texts.ofNew : currency)}
        </button>
      </div>
    </fieldset>
  );
}

function FeeFields({ of, errorOf, onChange }: Pick<CurrencyFieldsProps, 'of' | 'errorOf' | 'onChange'>) {
  const texts = useTexts(paymentsFormTexts);
  const bind = (name: 'feePercent' | 'feeFixed') => ({
    value: of[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      onChange({ ...of, [name]: target.value }),
  });
  return (
    <>
      <div className="calculator">
        <Field
          label={texts.feePercent}
          suffix="%"
          inputMode="decimal"
          error={errorOf(at(of.currency, 'fee.part'))}
          {...bind('feePercent')}
        />
        <Field
          label={texts.feeFixed}
          inputMode="decimal"
          error={errorOf(at(of.currency, 'fee.fixed'))}
          {...bind('feeFixed')}
        />
      </div>
      <p className="hint">{texts.feeHint}</p>
    </>
  );
}

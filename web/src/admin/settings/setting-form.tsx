import { hasGroupTwice, limitFields, type LimitsDraft, limitsDraftOf, limitsOf } from './limits-draft.ts';
import { LimitsForm } from './limits-form.tsx';
import { hasTwice, type PaymentsDraft, paymentsDraftOf, paymentsOf } from './payments-draft.ts';
import { paymentFields, PaymentsForm } from './payments-form.tsx';
import { type PortalDraft, portalDraftOf, PortalForm, portalOf } from './portal-form.tsx';

/** What is typed into the form of a setting that has one of its own. */
export type SettingDraft =
  | { readonly of: 'portal'; readonly draft: PortalDraft }
  | { readonly of: 'payments'; readonly draft: PaymentsDraft }
  | { readonly of: 'limits'; readonly draft: LimitsDraft };

/** Undefined: the setting has no form of its own. */
export function settingDraftOf(key: string, value: unknown): SettingDraft | undefined {
  switch (key) {
    case 'portal':
      return { of: key, draft: portalDraftOf(value) };
    case 'payments':
      return { of: key, draft: paymentsDraftOf(value) };
    case 'limits':
      return { of: key, draft: limitsDraftOf(value) };
    default:
      return undefined;
  }
}

/** What is sent of it, what of the API's complaints is said beside its fields, and whether two rows are of one thing. */
export function readSettingDraft(typed: SettingDraft): {
  readonly value: object;
  readonly fields: readonly string[];
  readonly isTwice: boolean;
} {
  switch (typed.of) {
    case 'portal':
      return { value: portalOf(typed.draft), fields: [], isTwice: false };
    case 'payments': {
      const { draft } = typed;
      return { value: paymentsOf(draft), fields: paymentFields(draft), isTwice: hasTwice(draft) };
    }
    case 'limits': {
      const { draft } = typed;
      return { value: limitsOf(draft), fields: limitFields(draft), isTwice: hasGroupTwice(draft) };
    }
  }
}

interface SettingFormProps {
  readonly typed: SettingDraft;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (typed: SettingDraft) => void;
}

/** The form of a setting that has one of its own. */
export function SettingForm({ typed, errorOf, onChange }: SettingFormProps) {
  switch (typed.of) {
    case 'portal':
      return <PortalForm draft={typed.draft} onChange={(draft) => onChange({ ...typed, draft })} />;
    case 'payments':
      return (
        <PaymentsForm
          draft={typed.draft}
          errorOf={errorOf}
          onChange={(draft) => onChange({ ...typed, draft })}
        />
      );
    case 'limits':
      return (
        <LimitsForm
          draft={typed.draft}
          errorOf={errorOf}
          onChange={(draft) => onChange({ ...typed, draft })}
        />
      );
  }
}

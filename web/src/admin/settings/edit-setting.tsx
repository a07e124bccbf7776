import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Select } from '../../parts/select.tsx';
import { Field } from '../../parts/field.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { readSettingDraft, settingDraftOf, SettingForm } from './setting-form.tsx';
import type { Setting } from './settings-page.tsx';
import { settingsTexts } from './settings.texts.ts';

interface EditSettingProps {
  readonly setting: Setting;
  readonly name: string;
  readonly onClose: () => void;
}

type Switches = Readonly<Record<string, boolean>>;

/** Whether all that is in it is yes or no. */
const isSwitches = (value: unknown): value is Switches =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every((each) => typeof each === 'boolean');

type Figures = Readonly<Record<string, number | null>>;

/** Whether all that is in it is a whole number; one that is being typed may be none. */
const isFigures = (value: unknown): value is Figures =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every((each) => each === null || typeof each === 'number');

/** Settings that are one word of a few. */
const CHOICES: Readonly<Partial<Record<string, readonly string[]>>> = {
  hold_policy: ['clamp', 'reject'],
  operator_second_factor: ['optional', 'required'],
};

const read = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** The whole value is replaced: switches or figures where it is nothing else, a form where it has one, else its JSON; the API judges it. */
export function EditSetting({ setting, name, onClose }: EditSettingProps) {
  const texts = useTexts(settingsTexts);
  const [value, setValue] = useState<unknown>(setting.value);
  const [text, setText] = useState(() => JSON.stringify(setting.value, null, 2));
  const [typed, setTyped] = useState(() => settingDraftOf(setting.key, setting.value));
  const choices = CHOICES[setting.key];
  const isText = !isSwitches(value) && !isFigures(value) && !choices;
  const form = typed && readSettingDraft(typed);
  const sent = form ? form.value : isText ? read(text) : value;
  return (
    <ActDialog
      title={name}
      effect={texts.editEffect}
      action={texts.save}
      isHeld={sent === undefined || form?.isTwice === true}
      fields={form?.fields ?? []}
      asksReason={false}
      act={() =>
        answer(
          api.PUT('/api/admin/settings/{key}', {
            params: { path: { key: setting.key } },
            body: { value: sent as Setting['value'] },
          }),
        )
      }
      said={texts.done}
      onClose={onClose}
    >
      {(errorOf) =>
        typed ? (
          <SettingForm typed={typed} errorOf={errorOf} onChange={setTyped} />
        ) : isFigures(value) ? (
          <FiguresFields value={value} onChange={setValue} />
        ) : isSwitches(value) ? (
          Object.entries(value).map(([member, isOn]) => (
            <label className="check" key={member}>
              <input
                type="checkbox"
                checked={isOn}
                onChange={({ target }) => setValue({ ...value, [member]: target.checked })}
              />
              {texts.members[member] ?? member}
            </label>
          ))
        ) : choices ? (
          <Choice value={String(value)} choices={choices} onChoose={setValue} />
        ) : (
          <TextArea
            label={texts.json}
            rows={8}
            value={text}
            error={sent === undefined ? texts.notJson : undefined}
            onChange={({ target }) => setText(target.value)}
          />
        )
      }
    </ActDialog>
  );
}

interface ChoiceProps {
  readonly value: string;
  readonly choices: readonly string[];
  readonly onChoose: (value: string) => void;
}

function Choice({ value, choices, onChoose }: ChoiceProps) {
  const texts = useTexts(settingsTexts);
  return (
    <Select
      label={texts.value}
      value={value}
      options={choices.map((each) => [each, texts.choices[each] ?? each])}
      onChoose={onChoose}
    />
  );
}

interface FiguresFieldsProps {
  readonly value: Figures;
  readonly onChange: (value: Figures) => void;
}

/** A field for each; an empty one is none, which the API refuses. */
function FiguresFields({ value, onChange }: FiguresFieldsProps) {
  const { members } = useTexts(settingsTexts);
  return Object.entries(value).map(([member, figure]) => (
    <Field
      key={member}
      label={members[member] ?? member}
      inputMode="numeric"
      value={figure === null ? '' : String(figure)}
      onChange={({ target }) =>
        onChange({ ...value, [member]: /^\d{1,9}$/.test(target.value) ? Number(target.value) : null })
      }
    />
  ));
}

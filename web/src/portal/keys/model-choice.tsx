import { useState } from 'react';
import { useTexts } from '../../texts.ts';
import { useMyModels } from '../models/pricing-query.ts';
import { keyFormTexts } from './key-form.texts.ts';

interface ModelChoiceProps {
  readonly chosen: readonly string[];
  readonly onChange: (models: readonly string[]) => void;
}

/** Which models a key may call; those that it has and that are not on offer any more stay to be taken away. */
export function ModelChoice({ chosen, onChange }: ModelChoiceProps) {
  const texts = useTexts(keyFormTexts);
  const offered = useMyModels() ?? [];
  const [kept] = useState(chosen);
  const names = [...new Set([...kept, ...offered.map(({ model_name }) => model_name)])];
  if (names.length === 0) return null;
  const toggle = (name: string, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, name] : chosen.filter((each) => each !== name));
  return (
    <fieldset className="field">
      <legend className="label">{texts.models}</legend>
      <div className="many-checks" tabIndex={0} role="group" aria-label={texts.models}>
        {names.map((name) => (
          <label className="check" key={name}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) => toggle(name, target.checked)}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      <p className="hint">{texts.modelsHint}</p>
    </fieldset>
  );
}

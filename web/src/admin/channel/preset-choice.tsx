import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import type { ChannelDraft } from './channel-draft.ts';
import { presetTexts } from './preset.texts.ts';
import { presets } from './presets.ts';

interface PresetChoiceProps {
  readonly draft: ChannelDraft;
  readonly onChange: (draft: ChannelDraft) => void;
}

/** A provider whose addresses are known: what it fills in can be changed. */
export function PresetChoice({ draft, onChange }: PresetChoiceProps) {
  const texts = useTexts(presetTexts);
  const chosen = presets.find(({ settings }) => settings.conversion === draft.spoken?.conversion);
  const choose = (name: string) => {
    const preset = presets.find(({ settings }) => settings.name === name);
    if (!preset) return onChange({ ...draft, spoken: undefined });
    const { type, base_url: baseUrl, endpoints, auth, conversion } = preset.settings;
    onChange({ ...draft, name, type, baseUrl, spoken: { endpoints, auth, conversion } });
  };
  return (
    <div className="stack-tight">
      <Select
        label={texts.preset}
        value={chosen?.settings.name ?? ''}
        options={[['', texts.none], ...presets.map(({ settings: { name } }) => [name, name] as const)]}
        onChoose={choose}
      />
      <p className="hint">
        {chosen ? (
          <>
            {chosen.note} {chosen.read_on ? texts.readOn(chosen.read_on) : texts.notRead}{' '}
            <a href={chosen.source} target="_blank" rel="noreferrer">
              {texts.source}
            </a>
          </>
        ) : (
          texts.hint
        )}
      </p>
    </div>
  );
}

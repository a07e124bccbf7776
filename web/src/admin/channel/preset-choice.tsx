import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import type { ChannelDraft } from './channel-draft.ts';
import { presetTexts } from './preset.texts.ts';
import { presets } from './presets.ts';

interface PresetChoiceProps {
  readonly draft: ChannelDraft;
  /** What a saved channel has of its own; absent: it is new, and is called as its provider. */
  readonly saved?: ChannelDraft;
  readonly onChange: (draft: ChannelDraft) => void;
}

type Endpoints = NonNullable<ChannelDraft['spoken']>['endpoints'];

/** The same bases for the same protocols. */
const isSame = (one: Endpoints, other: Endpoints | undefined): boolean => {
  const given = Object.entries(one);
  return (
    other !== undefined &&
    given.length === Object.keys(other).length &&
    given.every(([protocol, base]) =>
      Object.entries(other).some(([name, at]) => name === protocol && at === base),
    )
  );
};

/** A provider whose addresses are known: what it fills in can be changed. */
export function PresetChoice({ draft, saved, onChange }: PresetChoiceProps) {
  const texts = useTexts(presetTexts);
  const chosen = presets.find(({ settings }) => isSame(settings.endpoints, draft.spoken?.endpoints));
  const choose = (name: string) => {
    const preset = presets.find(({ settings }) => settings.name === name);
    if (!preset)
      return onChange({ ...draft, ...(saved && { baseUrl: saved.baseUrl }), spoken: saved?.spoken });
    const { type, base_url: baseUrl, endpoints, auth, conversion } = preset.settings;
    onChange({
      ...draft,
      name: saved ? draft.name : name,
      type,
      baseUrl,
      spoken: { endpoints, auth, conversion },
    });
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

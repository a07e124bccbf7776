import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Field } from '../../parts/field.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { dialectOf } from '../calls/dialects.ts';
import { useUsualModels } from '../usage/latest-usage.ts';
import { type Parameters, useChat } from './chat.ts';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { playgroundTexts } from './playground.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/playground');

interface Typed {
  readonly system: string;
  readonly mostTokens: string;
  readonly temperature: string;
}
const TYPED: Typed = { system: '', mostTokens: '1024', temperature: '' };
const MOST_TOKENS = 1024;

/** What was typed, as numbers; what is no number is as if it was not typed. */
function parametersOf(typed: Typed, model: string, served: readonly string[]): Parameters {
  const temperature = Number.parseFloat(typed.temperature);
  return {
    model,
    dialect: dialectOf(served),
    system: typed.system.trim(),
    mostTokens: Math.max(1, Number.parseInt(typed.mostTokens, 10) || MOST_TOKENS),
    temperature: Number.isFinite(temperature) ? temperature : undefined,
  };
}

/** A conversation with a model, by calls as any other. */
export function PlaygroundPage() {
  const texts = useTexts(playgroundTexts);
  const search = route.useSearch();
  const models = useUsualModels() ?? [];
  const [typed, setTyped] = useState(TYPED);
  const chat = useChat();
  const chosen = models.find(({ model_name }) => model_name === search.model) ?? models[0];
  const parameters = chosen && parametersOf(typed, chosen.model_name, chosen.supported_endpoint_types);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <div className="split">
        <Card title={texts.conversation}>
          <Conversation turns={chat.turns} />
          <Composer chat={chat} parameters={parameters} />
        </Card>
        <Card title={texts.parameters}>
          <ParameterFields
            typed={typed}
            names={models.map(({ model_name }) => model_name)}
            model={chosen?.model_name ?? ''}
            onChange={setTyped}
          />
        </Card>
      </div>
    </>
  );
}

interface ParameterFieldsProps {
  readonly typed: Typed;
  readonly names: readonly string[];
  readonly model: string;
  readonly onChange: (typed: Typed) => void;
}

function ParameterFields({ typed, names, model, onChange }: ParameterFieldsProps) {
  const texts = useTexts(playgroundTexts);
  const navigate = route.useNavigate();
  const bind = (name: keyof Typed) => ({
    value: typed[name],
    onChange: ({ target }: { target: { value: string } }) => onChange({ ...typed, [name]: target.value }),
  });
  return (
    <div className="card-body">
      <Select
        label={texts.model}
        value={model}
        disabled={names.length === 0}
        options={names.length === 0 ? [['', texts.noModel]] : names.map((name) => [name, name])}
        onChoose={(name) => void navigate({ search: { model: name }, replace: true })}
      />
      <TextArea label={texts.system} hint={texts.systemHint} rows={3} {...bind('system')} />
      <Field label={texts.mostTokens} inputMode="numeric" {...bind('mostTokens')} />
      <Field
        label={texts.temperature}
        hint={texts.temperatureHint}
        inputMode="decimal"
        {...bind('temperature')}
      />
    </div>
  );
}

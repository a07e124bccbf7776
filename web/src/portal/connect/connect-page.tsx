import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Field } from '../../parts/field.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { secretOf } from '../../session/fresh-secret.ts';
import { useTexts } from '../../texts.ts';
import { keysQuery, type PersonKey } from '../keys/keys-queries.ts';
import { useUsualModels } from '../usage/latest-usage.ts';
import { ConnectTest } from './connect-test.tsx';
import { connectTexts } from './connect.texts.ts';
import { ToolTexts } from './tool-texts.tsx';
import { type Tool, type ToolId, tools } from './tools.ts';

const route = getRouteApi('/_portal/_signed-in/portal/connect');

/** A tool's settings with one's own address, key and model, and a call that shows whether it works. */
export function ConnectPage() {
  const texts = useTexts(connectTexts);
  const keys = useQuery(keysQuery);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Loaded
        query={keys}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {(all) => <Connected keys={all.filter(({ state }) => state === 'enabled')} />}
      </Loaded>
    </>
  );
}

/** Those that speak the dialect by themselves before those that are converted to it. */
function useModelNames({ dialect }: Tool): readonly string[] {
  const models = useUsualModels() ?? [];
  const speaks = (model: (typeof models)[number]) => model.supported_endpoint_types.includes(dialect);
  return [...models.filter(speaks), ...models.filter((model) => !speaks(model))].map(
    ({ model_name }) => model_name,
  );
}

function Connected({ keys }: { readonly keys: readonly PersonKey[] }) {
  const search = route.useSearch();
  const [pasted, setPasted] = useState('');
  const tool = tools.find(({ id }) => id === search.tool) ?? tools[0];
  const key = keys.find(({ token_id }) => token_id === search.key) ?? keys[0];
  const names = useModelNames(tool);
  const model = names.find((name) => name === search.model) ?? names[0];
  const known = key && secretOf(key.token_id);
  const secret = known ?? (pasted.trim() || undefined);
  return (
    <>
      <section className="card">
        <div className="card-body">
          <Choices tool={tool} keys={keys} chosen={key} names={names} model={model} />
          {key && <Secret isKnown={known !== undefined} pasted={pasted} onPaste={setPasted} />}
        </div>
      </section>
      <ToolTexts tool={tool} secret={secret} model={model} />
      {model !== undefined && (
        <ConnectTest key={`${tool.dialect} ${model}`} dialect={tool.dialect} model={model} secret={secret} />
      )}
    </>
  );
}

interface ChoicesProps {
  readonly tool: Tool;
  readonly keys: readonly PersonKey[];
  readonly chosen: PersonKey | undefined;
  readonly names: readonly string[];
  readonly model: string | undefined;
}

function Choices({ tool, keys, chosen, names, model }: ChoicesProps) {
  const texts = useTexts(connectTexts);
  const navigate = route.useNavigate();
  return (
    <div className="calculator">
      <Select
        label={texts.tool}
        value={tool.id}
        options={tools.map(({ id, name }) => [id, name])}
        onChoose={(id) =>
          void navigate({ search: (before) => ({ ...before, tool: id as ToolId }), replace: true })
        }
      />
      <Select
        label={texts.key}
        value={String(chosen?.token_id ?? '')}
        disabled={keys.length === 0}
        options={
          keys.length === 0
            ? [['', texts.noKey]]
            : keys.map(({ token_id, name, key }) => [String(token_id), `${name} · ${key}`])
        }
        onChoose={(id) =>
          void navigate({ search: (before) => ({ ...before, key: Number(id) }), replace: true })
        }
      />
      <Select
        label={texts.model}
        value={model ?? ''}
        disabled={names.length === 0}
        options={names.length === 0 ? [['', texts.noModel]] : names.map((name) => [name, name])}
        onChoose={(name) =>
          void navigate({ search: (before) => ({ ...before, model: name }), replace: true })
        }
      />
      {keys.length === 0 && (
        <div className="actions">
          <Link className="button" to="/portal/keys" search={{ create: true }}>
            {texts.createKey}
          </Link>
        </div>
      )}
    </div>
  );
}

interface SecretProps {
  readonly isKnown: boolean;
  readonly pasted: string;
  readonly onPaste: (pasted: string) => void;
}

/** A secret that this page does not know may be pasted; it goes nowhere but into the texts and the test. */
function Secret({ isKnown, pasted, onPaste }: SecretProps) {
  const texts = useTexts(connectTexts);
  if (isKnown) return <p className="small muted">{texts.secretKnown}</p>;
  return (
    <Field
      label={texts.secret}
      hint={texts.secretHint}
      name="secret"
      type="password"
      autoComplete="off"
      placeholder="sk-…"
      spellCheck={false}
      value={pasted}
      onChange={({ target }) => onPaste(target.value)}
    />
  );
}

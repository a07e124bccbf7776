import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { partTexts } from '../../parts/parts.texts.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { ProvidersCard } from './providers-card.tsx';
import { EditSetting } from './edit-setting.tsx';
import { settingsTexts } from './settings.texts.ts';

const settingsQuery = queryOptions({
  queryKey: ['admin', 'settings'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/settings', { signal }))).data.settings,
});
export type Setting = Awaited<ReturnType<NonNullable<(typeof settingsQuery)['queryFn']>>>[number];

/** What can be changed while the service runs: what holds, what it is by default, and who changed it. */
export function SettingsPage() {
  const texts = useTexts(settingsTexts);
  const settings = useQuery(settingsQuery);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Loaded
        query={settings}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {(data) => (
          <div className="pair">
            {data
              .filter(({ key }) => key !== 'identity_providers' && key !== 'alerts')
              .map((setting) => (
                <SettingCard key={setting.key} setting={setting} />
              ))}
          </div>
        )}
      </Loaded>
      {/* Of what the settings hold this has secrets, and is asked for whether it is right; alerts have a page. */}
      <ProvidersCard />
    </>
  );
}

/** What stands in brackets. */
const isDeep = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** `open: yes · verify_email: no`; what is deeper stands in brackets. */
function useShown(): (value: unknown) => string {
  const texts = useTexts(settingsTexts);
  const { named, comma, semicolon, bracketed } = useTexts(partTexts);
  const members = (value: object, between: string): string =>
    Object.entries(value)
      .map(([name, each]) => {
        const called = texts.members[name] ?? name;
        return isDeep(each) ? `${called}${word(each)}` : named(called, word(each));
      })
      .join(between);
  const word = (value: unknown): string => {
    if (typeof value === 'boolean') return value ? texts.yes : texts.no;
    if (typeof value === 'string') return texts.choices[value] ?? value;
    if (typeof value !== 'object') return JSON.stringify(value);
    if (value === null || Object.keys(value).length === 0) return texts.nothing;
    return Array.isArray(value) ? value.map(word).join(comma) : bracketed(members(value, semicolon));
  };
  return (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? members(value, ' · ') || texts.nothing
      : word(value);
}

/** What it is, what it is of itself, and who changed it. */
function SettingFacts({ setting }: { readonly setting: Setting }) {
  const texts = useTexts(settingsTexts);
  const zone = useZone();
  const shown = useShown();
  const changed =
    setting.changed_at === null
      ? texts.never
      : `${nameOf(setting.changed_by ?? '')} · ${moment(setting.changed_at, zone)}`;
  const isDefault = shown(setting.default) === shown(setting.value);
  const facts = [
    [texts.value, shown(setting.value)],
    [texts.default, isDefault ? texts.same : shown(setting.default)],
    [texts.changed, changed],
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What changing one wants beside `settings:write`. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  alerts: 'alerts:write',
  payments: 'payments:write',
  referrals: 'payments:write',
  operator_second_factor: 'operators:write',
  registration: 'sign-in:write',
  sign_in: 'sign-in:write',
  identity_providers: 'sign-in:write',
  sessions: 'sign-in:write',
};

function SettingCard({ setting }: { readonly setting: Setting }) {
  const texts = useTexts(settingsTexts);
  const { named } = useTexts(partTexts);
  const shown = useShown();
  const may = useMay();
  const more = PERMISSIONS[setting.key];
  const mayWrite = may('settings:write') && (more === undefined || may(more));
  const [act, setAct] = useState<'edit' | 'reset'>();
  const close = () => setAct(undefined);
  const name = texts.names[setting.key] ?? setting.key;
  const isChanged = setting.changed_at !== null;
  return (
    <Card title={name}>
      <div className="card-body">
        <p className="muted">{texts.told[setting.key]}</p>
        <SettingFacts setting={setting} />
        {mayWrite && (
          <div className="actions">
            <button
              className="button"
              type="button"
              aria-label={named(texts.edit, name)}
              onClick={() => setAct('edit')}
            >
              {texts.edit}
            </button>
            {isChanged && (
              <button
                className="button"
                type="button"
                aria-label={named(texts.reset, name)}
                onClick={() => setAct('reset')}
              >
                {texts.reset}
              </button>
            )}
          </div>
        )}
      </div>
      {act === 'edit' && <EditSetting setting={setting} name={name} onClose={close} />}
      {act === 'reset' && (
        <ActDialog
          title={named(texts.reset, name)}
          effect={texts.resetEffect(shown(setting.default))}
          action={texts.reset}
          asksReason={false}
          act={() =>
            answer(
              api.PUT('/api/admin/settings/{key}', {
                params: { path: { key: setting.key } },
                body: { reset: true },
              }),
            )
          }
          said={texts.done}
          onClose={close}
        />
      )}
    </Card>
  );
}

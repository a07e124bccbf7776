import { Field } from '../../parts/field.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useTexts } from '../../texts.ts';
import { settingsTexts } from './settings.texts.ts';

/** What is typed of it: texts, until they are sent. */
export interface PortalDraft {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  /** A line each: 中文 | English | address. */
  readonly links: string;
}

interface Both {
  readonly zh: string;
  readonly en: string;
}
interface PortalValue {
  readonly name: string;
  readonly notice: Both | null;
  readonly links: readonly { readonly text: Both; readonly url: string }[];
}

export function portalDraftOf(value: unknown): PortalDraft {
  const { name, notice, links } = value as PortalValue;
  return {
    name,
    zh: notice?.zh ?? '',
    en: notice?.en ?? '',
    links: links.map(({ text, url }) => [text.zh, text.en, url].join(' | ')).join('\n'),
  };
}

/** A line that lacks a part is sent, and refused by the API. */
export function portalOf({ name, zh, en, links }: PortalDraft): PortalValue {
  const lines = links.split('\n').filter((line) => line.trim() !== '');
  return {
    name,
    notice: zh.trim() === '' && en.trim() === '' ? null : { zh: zh.trim(), en: en.trim() },
    links: lines.map((line) => {
      const [inChinese = '', inEnglish = '', url = ''] = line.split('|').map((part) => part.trim());
      return { text: { zh: inChinese, en: inEnglish }, url };
    }),
  };
}

interface PortalFormProps {
  readonly draft: PortalDraft;
  readonly onChange: (draft: PortalDraft) => void;
}

/** How the Portal presents who runs it. */
export function PortalForm({ draft, onChange }: PortalFormProps) {
  const { portal } = useTexts(settingsTexts);
  const bind = (name: keyof PortalDraft) => ({
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => onChange({ ...draft, [name]: target.value }),
  });
  return (
    <>
      <Field label={portal.name} {...bind('name')} />
      <TextArea label={portal.zh} hint={portal.noticeHint} rows={2} {...bind('zh')} />
      <TextArea label={portal.en} rows={2} {...bind('en')} />
      <TextArea label={portal.links} hint={portal.linksHint} rows={3} {...bind('links')} />
    </>
  );
}

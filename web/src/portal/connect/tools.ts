import { clientTexts } from '../../generated/clients.ts';
import type { Dialect } from '../calls/dialects.ts';

export type ToolId = keyof typeof clientTexts;

export interface Tool {
  readonly id: ToolId;
  readonly name: string;
  readonly dialect: Dialect;
}

/** In the order of the page; the texts of each come from docs/clients.md. */
export const tools: readonly [Tool, ...Tool[]] = [
  { id: 'curl-openai', name: 'curl, OpenAI', dialect: 'openai' },
  { id: 'curl-anthropic', name: 'curl, Anthropic', dialect: 'anthropic' },
  { id: 'curl-gemini', name: 'curl, Gemini', dialect: 'gemini' },
  { id: 'openai-js', name: 'OpenAI SDK, JavaScript', dialect: 'openai' },
  { id: 'openai-python', name: 'OpenAI SDK, Python', dialect: 'openai' },
  { id: 'anthropic-js', name: 'Anthropic SDK, JavaScript', dialect: 'anthropic' },
  { id: 'anthropic-python', name: 'Anthropic SDK, Python', dialect: 'anthropic' },
  { id: 'gemini-js', name: 'Google Gen AI SDK, JavaScript', dialect: 'gemini' },
  { id: 'gemini-python', name: 'Google Gen AI SDK, Python', dialect: 'gemini' },
  { id: 'claude-code', name: 'Claude Code', dialect: 'anthropic' },
  { id: 'codex', name: 'Codex', dialect: 'openai' },
  { id: 'cherry-studio', name: 'Cherry Studio', dialect: 'openai' },
  { id: 'cc-switch', name: 'CC Switch', dialect: 'anthropic' },
  { id: 'cursor', name: 'Cursor', dialect: 'openai' },
  { id: 'open-webui', name: 'Open WebUI', dialect: 'openai' },
];

export const isTool = (id: unknown): id is ToolId => tools.some((tool) => tool.id === id);

/** What stands in the page for what differs from one reader to the next. */
const ADDRESS = 'https://relay.example.com';
const KEY = 'sk-…';
const CHERRY_STUDIO = 'cherrystudio://providers/api-keys?v=1&data=';

export interface FilledText {
  readonly language: string;
  readonly text: string;
  /** Where it is kept. */
  readonly file?: string;
  /** What opens the tool with it. */
  readonly link?: string;
}

interface Filling {
  readonly address: string;
  /** Absent: the place of the key stays. */
  readonly secret: string | undefined;
  readonly model: string | undefined;
}

interface ClientText {
  readonly language: string;
  readonly text: string;
  readonly models: readonly string[];
  readonly file?: string;
  readonly link?: 'as-it-is' | 'base64';
}

/** The texts of a tool with one's own address, key and model. A link has them as parts of an address. */
export function filled(tool: ToolId, { address, secret, model }: Filling): readonly FilledText[] {
  const texts: readonly ClientText[] = clientTexts[tool];
  return texts.map(({ language, text, models, file, link }) => {
    const put = link === 'as-it-is' ? encodeURIComponent : (value: string) => value;
    let full = text.replaceAll(ADDRESS, put(address)).replaceAll(KEY, secret ?? KEY);
    if (model !== undefined) for (const named of models) full = full.replaceAll(named, put(model));
    return {
      language,
      text: full,
      ...(file !== undefined && { file }),
      ...(link !== undefined && {
        link: link === 'base64' ? `${CHERRY_STUDIO}${encodeURIComponent(btoa(full))}` : full,
      }),
    };
  });
}

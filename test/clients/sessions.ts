import type { ConvertibleProtocol } from '../../src/domain/channel/conversion.js';

/** What a client is told of where it runs. */
export interface Place {
  /** Of the relay, without a path. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly prompt: string;
  /** A folder of its own, in which it works and which is its home. */
  readonly folder: string;
  /** A program that serves an MCP server's one tool. */
  readonly mcpServer: string;
}

/** How a client is started. */
export interface Started {
  /** Of a first start, in which it is told what it works with. */
  readonly before?: readonly string[];
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Files of its home, before it starts. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A session of a client from npm on an upstream of another dialect. */
export interface Session {
  readonly name: string;
  /** As npm knows them; with the versions that were tried last. */
  readonly packages: readonly string[];
  /** What the package calls it, or a program of ours that uses the packages. */
  readonly command: string | { readonly program: string };
  /** Of the upstream. */
  readonly protocol: ConvertibleProtocol;
  readonly isBedrock?: boolean;
  start(place: Place): Started;
  /** How it goes on with the conversation that its folder has; absent: that is not tried. */
  readonly resume?: (place: Place) => Started;
}

const claudeCode = ({ url, key, model, prompt }: Place): Started => ({
  args: ['-p', prompt, '--model', model, '--allowedTools', 'Read,Bash', '--output-format', 'json'],
  environment: {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
  },
});

const codex = ({ url, key, model, prompt, folder, mcpServer }: Place): Started => ({
  args: [
    'exec',
    '--skip-git-repo-check',
    '--dangerously-bypass-approvals-and-sandbox',
    '--cd',
    folder,
    prompt,
  ],
  environment: { COUNTERFOIL_API_KEY: key },
  files: {
    '.codex/config.toml': `model = "${model}"
model_provider = "counterfoil"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.counterfoil]
name = "Counterfoil"
base_url = "${url}/v1"
env_key = "COUNTERFOIL_API_KEY"
wire_api = "responses"

[mcp_servers.notes]
command = "${process.execPath}"
args = ["${mcpServer}"]
`,
  },
});

const claudeCodeAgain = (place: Place): Started => {
  const { args, ...started } = claudeCode(place);
  return { ...started, args: ['--continue', ...args] };
};

const codexAgain = (place: Place): Started => {
  const { args, ...started } = codex(place);
  return { ...started, args: [...args.slice(0, -3), 'resume', '--last', place.prompt] };
};

const geminiCli = ({ url, key, model, prompt }: Place): Started => ({
  args: ['-p', prompt, '--model', model, '--yolo', '--skip-trust'],
  environment: { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key, GEMINI_TELEMETRY_ENABLED: 'false' },
  files: {
    '.gemini/settings.json': JSON.stringify({
      general: { enableAutoUpdate: false, disableAutoUpdate: true },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      security: { auth: { selectedType: 'gemini-api-key' } },
    }),
  },
});

const qwenCode = ({ url, key, model, prompt }: Place): Started => ({
  args: ['-p', prompt, '--yolo', '--model', model, '--openai-api-key', key, '--openai-base-url', `${url}/v1`],
  files: {
    '.qwen/settings.json': JSON.stringify({
      general: { enableAutoUpdate: false, disableAutoUpdate: true },
      privacy: { usageStatisticsEnabled: false },
      security: { auth: { selectedType: 'openai' } },
    }),
  },
});

/** @param library of the AI SDK that opencode speaks with @param base what it is given behind the relay's address */
const opencode =
  (library: string, base: string) =>
  ({ url, key, model, prompt }: Place): Started => ({
    args: ['run', '--auto', '--model', `counterfoil/${model}`, prompt],
    environment: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
    files: {
      '.config/opencode/opencode.json': JSON.stringify({
        autoupdate: false,
        share: 'disabled',
        provider: {
          counterfoil: {
            npm: library,
            options: { baseURL: url + base, apiKey: key },
            models: { [model]: { name: model, tool_call: true, limit: { context: 200_000, output: 8_000 } } },
          },
        },
      }),
    },
  });

const cline = ({ url, key, model, prompt }: Place): Started => {
  const provider = ['--provider', 'openai-compatible'];
  return {
    before: ['auth', ...provider, '--apikey', key, '--modelid', model, '--baseurl', `${url}/v1`],
    args: [...provider, '--model', model, prompt],
    environment: { CLINE_TELEMETRY_DISABLED: '1', CLINE_NO_AUTO_UPDATE: '1' },
  };
};

/** Continue's command line. */
const continueCli = ({ url, key, model, prompt, folder }: Place): Started => ({
  args: ['--config', `${folder}/.continue/config.yaml`, '--auto', '-p', prompt],
  environment: { CONTINUE_TELEMETRY_ENABLED: '0' },
  files: {
    '.continue/config.yaml': `name: notes
version: 0.0.1
schema: v1
models:
  - name: ${model}
    provider: openai
    model: ${model}
    apiBase: ${url}/v1
    apiKey: ${key}
    roles: [chat]
    capabilities: [tool_use]
`,
  },
});

const CLAUDE_CODE = {
  packages: ['@anthropic-ai/claude-code@2.1.197'],
  command: 'claude',
  resume: claudeCodeAgain,
};
const CODEX = { packages: ['@openai/codex@0.171.0'], command: 'codex', resume: codexAgain };
const GEMINI_CLI = { packages: ['@google/gemini-cli@0.61.0'], command: 'gemini' };
const QWEN_CODE = { packages: ['@qwen-code/qwen-code@0.15.10'], command: 'qwen' };
const CONTINUE = { packages: ['@continuedev/cli@1.5.47'], command: 'cn' };
const CLINE = { packages: ['cline@3.0.65'], command: 'cline' };
const OPENCODE = { packages: ['opencode-ai@1.18.33'], command: 'opencode' };

/** A program that is told what of its library to use, if anything, and where. */
const program =
  (...kind: readonly string[]) =>
  ({ url, key, model, prompt }: Place): Started => ({ args: [...kind, url, key, model, prompt] });

const AI_SDK = {
  packages: [
    'ai@6.0.326',
    '@ai-sdk/openai@3.0.141',
    '@ai-sdk/anthropic@3.0.140',
    '@ai-sdk/google@3.0.141',
    'zod@4.6.7',
  ],
  command: { program: 'ai-sdk.mjs' },
};
const LANGCHAIN = {
  packages: [
    '@langchain/core@1.4.0',
    '@langchain/openai@1.2.13',
    '@langchain/anthropic@1.5.11',
    '@langchain/google-genai@2.3.2',
    'zod@4.6.7',
  ],
  command: { program: 'langchain.mjs' },
};
const LLAMAINDEX = {
  packages: ['@llamaindex/openai@0.4.23', '@llamaindex/core@0.6.23', '@llamaindex/env@0.1.31', 'zod@4.6.7'],
  command: { program: 'llamaindex.mjs' },
};

export const sessions: readonly Session[] = [
  { ...CLAUDE_CODE, name: 'claude-code-on-chat', protocol: 'chat', start: claudeCode },
  { ...CLAUDE_CODE, name: 'claude-code-on-responses', protocol: 'responses', start: claudeCode },
  { ...CLAUDE_CODE, name: 'claude-code-on-generate', protocol: 'generate', start: claudeCode },
  { ...CODEX, name: 'codex-on-messages', protocol: 'messages', start: codex },
  { ...CODEX, name: 'codex-on-chat', protocol: 'chat', start: codex },
  { ...GEMINI_CLI, name: 'gemini-cli-on-chat', protocol: 'chat', start: geminiCli },
  { ...GEMINI_CLI, name: 'gemini-cli-on-messages', protocol: 'messages', start: geminiCli },
  { ...QWEN_CODE, name: 'qwen-code-on-messages', protocol: 'messages', start: qwenCode },
  { ...QWEN_CODE, name: 'qwen-code-on-generate', protocol: 'generate', start: qwenCode },
  {
    ...OPENCODE,
    name: 'opencode-on-messages',
    protocol: 'messages',
    start: opencode('@ai-sdk/openai-compatible', '/v1'),
  },
  {
    ...OPENCODE,
    name: 'opencode-anthropic-on-chat',
    protocol: 'chat',
    start: opencode('@ai-sdk/anthropic', '/v1'),
  },
  { ...CLINE, name: 'cline-on-messages', protocol: 'messages', start: cline },
  { ...CONTINUE, name: 'continue-on-messages', protocol: 'messages', start: continueCli },
  { ...AI_SDK, name: 'ai-sdk-openai-on-messages', protocol: 'messages', start: program('openai') },
  { ...AI_SDK, name: 'ai-sdk-openai-chat-on-generate', protocol: 'generate', start: program('openai-chat') },
  { ...AI_SDK, name: 'ai-sdk-anthropic-on-chat', protocol: 'chat', start: program('anthropic') },
  { ...AI_SDK, name: 'ai-sdk-google-on-messages', protocol: 'messages', start: program('google') },
  { ...LANGCHAIN, name: 'langchain-openai-on-messages', protocol: 'messages', start: program('openai') },
  { ...LANGCHAIN, name: 'langchain-anthropic-on-chat', protocol: 'chat', start: program('anthropic') },
  { ...LANGCHAIN, name: 'langchain-google-on-chat', protocol: 'chat', start: program('google') },
  { ...LLAMAINDEX, name: 'llamaindex-on-messages', protocol: 'messages', start: program() },
];

import { type ConvertibleProtocol, convertibleProtocols } from '../../domain/channel/conversion.js';
import { type Loss, lossTable, type Treatment } from './loss-table.js';

const protocols: Readonly<Record<ConvertibleProtocol, string>> = {
  messages: 'Anthropic’s messages',
  chat: 'OpenAI’s chats',
  responses: 'OpenAI’s responses',
  generate: 'Google’s generateContent',
};

const treatments: Readonly<Record<Treatment, string>> = {
  refused: 'refused',
  dropped: 'dropped and told',
  changed: 'changed and told',
  spelled: 'spelled otherwise',
};

const INTRODUCTION = `# Conversion between dialects

A call goes to channels that have its own protocol, byte for byte. Where none of a tier has, it goes to one that takes it converted:

\`\`\`yaml
type: openai
base_url: https://api.example.com/v1
conversion:
  from: [messages, responses, generate] # calls in the dialects of Anthropic and Google and to /v1/responses too, as chats
  on_loss: drop         # or refuse: calls of which nothing is lost alone
  quirks: [reasoning_content]
\`\`\`

| quirk | what the upstream wants |
| --- | --- |
| \`reasoning_content\` | thoughts of the history, in chats (DeepSeek, Kimi) |
| \`no_forced_tool_when_thinking\` | that no tool is demanded while it thinks (DeepSeek) |
| \`enable_thinking\` | a switch and a budget of thoughts in place of an effort (Qwen) |
| \`file_parts\` | documents in chats as \`file\` parts; without it they are refused |
| \`prompt_cache_key\` | a name by which it finds what it has cached of a conversation; OpenAI and Azure get it anyhow. It says nothing of who asks |

The call is held and charged as any other, once, by what upstream reports; the usage that the client reads is the one that was charged. The usage event says the
dialect that upstream was spoken to in (\`upstream_dialect\`) and what was lost (\`losses\`). The same is in the header of the answer,
\`x-counterfoil-converted: messages>chat; dropped=cache_control,top_k; changed=temperature\`.

Every protocol of the four is converted to every other: \`messages\` (Anthropic), \`chat\` and \`responses\` (OpenAI), \`generate\` (Google). A channel that speaks several
gets the call in the first of these that it has. The addresses of many upstreams, and how each departs from its protocols, are in
[presets](../presets), one file an upstream, with its source: the members of \`settings\` are those of a channel.

A client can say \`x-counterfoil-conversion: refuse\` (a channel of its own dialect or none) or \`lossless\` (nothing may be lost but how names and ids are
spelled).

A call to \`/v1/responses\` is converted for channels that have no \`responses\` of their own: a channel of the type \`openai\` says so by its \`endpoints\`. Freeform
tools are functions of one text upstream, functions of a namespace are called \`namespace__name\` there, and what comes back has the form that the client gave. A response that
was converted is kept nowhere: \`store\` is reported as \`false\`.

Errors keep upstream’s status and message in the client’s dialect; 529 and 503 stand for each other. A stream that upstream cuts ends with an error, never as if it
were whole. So does one of which more than 1 MiB would have to be kept (8 MiB for clients of responses, whose last event repeats the whole answer): it is charged for what the
client got. A whole answer of more than 8 MiB is none. The length of a prompt that a client asks for is
counted by a channel of its own protocol, else by one that would get it converted to \`messages\` or \`generate\`, else here.

Thoughts carry a signature that begins with \`cf1.\`: they go back to an upstream that wants them, and are taken out before one that never had them.
In chats and at Google a proof stands in the call, or in the text, that follows its thought; Google’s clients get it in base64. Google’s models that
refuse a call without a proof are told not to look for one in calls that another model made (\`thought_signature\`). They know results by the names of their calls,
in the order of the calls, and get schemas as JSON schemas where Google’s own kind has no place for all that is in them.

What is not in the tables and not known to either side is dropped and told by its name. These tables are the ones the relay converts by
(\`npm run generate:conversion\`).

| treatment | what happens |
| --- | --- |
| ${treatments.refused} | 400, which names the member, where no channel can take the call; a channel that can takes it |
| ${treatments.dropped}, ${treatments.changed} | the call goes on without it, and says so; with \`lossless\` or \`on_loss: refuse\` it is refused |
| ${treatments.spelled} | the client never sees it: what comes back has the names that it gave |
`;

/** What is lost between each two protocols, in Markdown. */
export function conversionPage(): string {
  const pairs = convertibleProtocols.flatMap((of) =>
    convertibleProtocols.filter((to) => to !== of).map((to) => sectionOf(of, to)),
  );
  return [INTRODUCTION, ...pairs].join('\n');
}

function sectionOf(from: ConvertibleProtocol, upstream: ConvertibleProtocol): string {
  const lines = Object.entries<Loss>(lossTable)
    .filter(([, { of, to }]) => of.includes(from) && to.includes(upstream))
    .map(([name, { treated, what }]) => `| \`${name}\` | ${treatments[treated]} | ${what} |`);
  const title = `## ${protocols[from]} to an upstream of ${protocols[upstream]}`;
  return [title, '', '| told as | treatment | what |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

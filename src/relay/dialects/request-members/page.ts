import type { MemberRow, Treatment } from './rows.js';
import type { MemberTable } from './table.js';

const treatments: Readonly<Record<Treatment, string>> = {
  decides: 'read',
  shapes: 'goes on',
  priced: 'priced',
  allowed: 'allowed by the channel',
  owned: 'the account’s own',
  'left-out': 'left out',
  refused: 'refused',
};

const INTRODUCTION = `# Members of requests

What becomes of each member that a request may have. This page is made of the tables that the relay judges by
(\`npm run generate:request-members\`).

| treatment | what happens |
| --- | --- |
| ${treatments.decides} | it decides price, route or hold |
| ${treatments.shapes} | byte for byte as it came: it shapes the answer, and what it costs is tokens, which are charged as reported |
| ${treatments.priced} | charged by the price that is named; where the model’s price has none (nor a \`per_call_usd\`), it is a matter of the channel |
| ${treatments.allowed} | let through where \`allowed_members\` of a channel has the word beside it, because whoever runs the channel knows that it costs nothing there; else 400, which names the member |
| ${treatments.owned} | ids of what earlier calls left at upstream: let through for the account whose calls those were within 30 days, to the channel and key that keep it; else 404. What no call of ours has left (an upload, a stored prompt) goes where no other account has ever left anything, or where \`allowed_members\` has \`stored\` |
| ${treatments['left-out']} | of headers: upstream does not see it, and the call is made without it |
| ${treatments.refused} | 400, which names the member and says what to do |

A member that is read is read by its documented type: another one is refused with 400, unless it can only mean the same (one alone in
place of a list of one). A member without a row goes on byte for byte. A tool of a type without a row is a matter of the channel (\`unknown_tools\`), since it may run
anything for money. A member that is read may be there once only, spelled as it is documented, and so may what it is judged by inside of it:
anything else is 400, since upstreams differ in what they would take it for. Every model that is named anywhere must be on
the key’s list, whatever its case, and be served under that very name by the channel that takes the call: mappings of names hold for
\`model\` alone.

A new channel has \`allowed_members: ["searches"]\`: where the price of a model says nothing of searches (\`per_search_usd\`), they cost what
they put into the prompt. With \`[]\` such calls are refused.
`;

/** The page of all tables, in Markdown. */
export function pageOf(tables: readonly MemberTable[]): string {
  return [INTRODUCTION, ...tables.flatMap(sectionsOf)].join('\n');
}

function sectionsOf({ endpoint, source, rows, inside }: MemberTable): string[] {
  const of = inside.map((part) => `In \`${part.of}\`:\n\n${tableOf(part.rows)}`);
  return [`## ${endpoint}\n\nRead from ${source}.\n\n${tableOf(rows)}`, ...of];
}

function tableOf(rows: readonly MemberRow[]): string {
  const lines = rows.map(({ names, treatment, how, allowance }) => {
    const by = allowance === undefined ? '' : ` (\`${allowance}\`)`;
    const named = names.map((name) => `\`${name}\``).join(', ');
    return `| ${named} | ${treatments[treatment]}${by} | ${how.replaceAll('|', '\\|')} |`;
  });
  return ['| member | treatment | how |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

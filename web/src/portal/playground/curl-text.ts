import { type Asked, type Dialect, speaking } from '../calls/dialects.ts';

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The same call at a shell, with the key in the environment. */
export function curlText(address: string, dialect: Dialect, asked: Asked): string {
  const { path, headers, body } = speaking[dialect].request(asked);
  const named = Object.entries(headers('$COUNTERFOIL_API_KEY')).map(
    ([name, value]) => `  -H "${name}: ${value}" \\`,
  );
  return [
    `curl ${quoted(address + path)} \\`,
    ...named,
    "  -H 'content-type: application/json' \\",
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join('\n');
}

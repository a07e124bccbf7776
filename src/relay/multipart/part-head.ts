/** What the headers of a part say of it. */
export interface PartHead {
  readonly name: string;
  /** It has a file's name, so that upstream takes it for a file. */
  readonly isFile: boolean;
  /** Without its charset; in lower case. Undefined where it is not said. */
  readonly contentType: string | undefined;
  /** In lower case; undefined where it is not said. */
  readonly charset: string | undefined;
}

const HEADER = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*([^\0\r\n]*)$/;
const DISPOSITION = /^form-data\s*(?=;)/i;
const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))\s*/y;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)"?/i;
/** Encodings that encode nothing. */
const PLAIN = /^(7bit|8bit|binary)$/i;

/**
 * Reads a part's headers (RFC 7578, section 4), strictly: what two parsers could read in two ways is not read. Undefined: malformed.
 * @param text without the blank line at its end
 */
export function readPartHead(text: string): PartHead | undefined {
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const [, name = '', value = ''] = HEADER.exec(line) ?? [];
    const known = name.toLowerCase();
    if (name === '' || headers.has(known)) return undefined;
    headers.set(known, value.trim());
  }
  const encoding = headers.get('content-transfer-encoding');
  if (encoding !== undefined && !PLAIN.test(encoding)) return undefined;
  const parameters = parametersOf(headers.get('content-disposition') ?? '');
  const name = parameters?.get('name');
  if (!parameters || name === undefined || name.includes('\\') || parameters.has('name*')) return undefined;
  const type = headers.get('content-type');
  return {
    name,
    isFile: parameters.has('filename') || parameters.has('filename*'),
    contentType: type?.split(';', 1)[0]?.trim().toLowerCase(),
    charset: type === undefined ? undefined : CHARSET.exec(type)?.[1]?.toLowerCase(),
  };
}

function parametersOf(disposition: string): ReadonlyMap<string, string> | undefined {
  const kind = DISPOSITION.exec(disposition);
  if (!kind) return undefined;
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = kind[0].length;
  while (PARAMETER.lastIndex < disposition.length) {
    const [, name, quoted, token = ''] = PARAMETER.exec(disposition) ?? [];
    if (name === undefined || parameters.has(name.toLowerCase())) return undefined;
    parameters.set(name.toLowerCase(), quoted ?? token);
  }
  return parameters;
}

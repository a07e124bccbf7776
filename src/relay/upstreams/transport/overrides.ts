import type { IncomingHttpHeaders } from 'node:http';
import { type JsonMember, topLevelMembers } from '../../dialects/json/members.js';
import { trialsAllowed, trialsIn } from '../../dialects/request-members/trials.js';
import type { Form } from '../../multipart/form.js';
import type { Channel } from '../channel.js';
import { objectOf } from '../without-members.js';

type Parameters = Channel['settings']['parameter_overrides'];
type Headers = Readonly<Record<string, string>>;

const OPEN_BRACE = 0x7b;

/**
 * A JSON body with the channel's parameters: members are dropped, set, and set where there are none. A name counts whatever its case is,
 * and however often it is there: no parser of an upstream may find another value. The same bytes where nothing is overridden, and for any
 * other body.
 */
export function withParameters(body: Buffer, overrides: Parameters): Buffer {
  const { drop, set } = overrides;
  const defaults = Object.entries(overrides.default);
  const fixed = Object.entries(set);
  if (drop.length + fixed.length + defaults.length === 0) return body;
  if (body.find((byte) => byte > 0x20) !== OPEN_BRACE) return body;
  const members = topLevelMembers(body);
  const dropped = new Set([...drop, ...Object.keys(set)].map((name) => name.toLowerCase()));
  const kept = members.filter(({ name }) => !dropped.has(name.toLowerCase()));
  const present = new Set(kept.map(({ name }) => name.toLowerCase()));
  const added = [
    ...fixed,
    ...defaults.filter(([name]) => !Object.hasOwn(set, name) && !present.has(name.toLowerCase())),
  ];
  return objectOf([
    ...added.map(([name, value]) => Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(value)}`)),
    ...kept.map((member) => bytesOf(body, member)),
  ]);
}

/** The same of a form. A list is as many fields; what is no text is one as JSON. */
export function formWithParameters(form: Form, { drop, set, default: defaults }: Parameters): Form {
  const missing = Object.entries(defaults).filter(([name]) => !Object.hasOwn(set, name) && !form.has(name));
  const fields = [...Object.entries(set), ...missing].flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((each: unknown) => ({ name: `${name}[]`, value: textOf(each) }))
      : [{ name, value: textOf(value) }],
  );
  return form.with(fields, drop);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const bytesOf = (body: Buffer, { nameStart, valueEnd }: JsonMember): Buffer =>
  body.subarray(nameStart, valueEnd);

/** The request's headers with those of the client that the channel wants, and with its own, which win. */
export function withHeaders(
  headers: Headers,
  { header_overrides: overrides, forward_headers: names }: Channel['settings'],
  client: IncomingHttpHeaders,
): Headers {
  const forwarded = names.flatMap((name) => {
    const value = name === TRIALS ? allowedTrials(headers, client) : client[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  if (forwarded.length === 0 && Object.keys(overrides).length === 0) return headers;
  return { ...headers, ...Object.fromEntries(forwarded), ...overrides };
}

const TRIALS = 'anthropic-beta';

/** In whichever dialect it was asked for: what moves the price was judged, or does not go on. */
function allowedTrials(headers: Headers, client: IncomingHttpHeaders): string | undefined {
  const trials = trialsAllowed(client[TRIALS], trialsIn(headers[TRIALS]));
  return trials.length === 0 ? undefined : trials.join(',');
}

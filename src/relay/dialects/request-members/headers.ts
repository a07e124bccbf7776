import { steeringHeaders } from '../../../domain/channel/headers.js';
import { type MemberRow, shapes } from './rows.js';
import type { MemberTable } from './table.js';
import { trialRows } from './trials.js';

const leftOut = (how: string, names: readonly string[]): MemberRow => ({ names, treatment: 'left-out', how });

/** What becomes of the headers of clients, for people: what is done is in `forwarded.ts` of the dialects and in the channel's settings. */
export const headerTable: MemberTable = {
  endpoint: 'Headers',
  source:
    'types and sources of the npm packages @anthropic-ai/sdk 1.14.0 (2026-11-24), openai 7.59.0 (2026-11-17) and @google/genai 3.3.0, and the references of Vertex AI and Bedrock (read 2026-11-30)',
  rows: [
    shapes(
      'of `/v1/messages`: which version of the API answers, `2023-06-01` or `2026-10-21`; none is `2023-06-01`, and any other is refused as Anthropic refuses it, at channels of every protocol, since nobody here has read what its answers say of their usage',
      'anthropic-version',
    ),
    {
      names: ['anthropic-beta'],
      treatment: 'priced',
      how: 'of `/v1/messages`: trial by trial, see below; one that is not known is left out, unless `forward_headers` of the channel names the header. The members `anthropic_beta` and `betas` are judged in the same way, and refused where they have one that is left out or not known (`unknown_tools`)',
    },
    leftOut(
      'who pays, from where, at which class of service: a channel sets them (`header_overrides`), and no client does, not even by `forward_headers`',
      steeringHeaders,
    ),
    leftOut(
      'what a client says of itself, and of trials that open no member which is not judged where it stands: unless `forward_headers` of the channel names it',
      [
        'openai-beta',
        'user-agent',
        'x-goog-api-client',
        'x-stainless-*',
        'anthropic-dangerous-direct-browser-access',
      ],
    ),
    leftOut('unless `forward_headers` of the channel names it', ['any other']),
  ],
  inside: [{ of: 'anthropic-beta', rows: trialRows }],
};

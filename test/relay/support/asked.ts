import type { ConvertibleProtocol, Quirk } from '../../../src/domain/channel/conversion.js';
import { clientCodecs, upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import { Losses } from '../../../src/relay/conversions/losses.js';
import { GOOGLE_NAME, Names } from '../../../src/relay/conversions/names.js';
import type { ParsedJson } from '../../support/parsed-json.js';

const seal = { sign: () => '0123456789abcdef', channelId: 'c', keyId: 'k' };

interface About {
  readonly model?: string;
  readonly quirks?: readonly Quirk[];
  readonly heldLimit?: number;
}

/** What upstream is asked where a client asks this, and what is told to be lost. */
export function asked(
  client: ConvertibleProtocol,
  upstream: ConvertibleProtocol,
  body: object,
  { model = 'm', quirks = ['file_parts'], heldLimit = 9_000 }: About = {},
) {
  const losses = new Losses();
  const names = new Names(losses, upstream === 'generate' ? GOOGLE_NAME : undefined);
  const request = clientCodecs[client].readRequest(body as Record<string, unknown>, losses);
  const about = { streamed: false, model, quirks: new Set(quirks), heldLimit };
  const written = upstreamCodecs[upstream].writeRequest(request, { ...about, names, losses, seal });
  const said: ParsedJson = JSON.parse(JSON.stringify(written));
  return { said, lost: losses.names, names, limit: request.outputLimit };
}

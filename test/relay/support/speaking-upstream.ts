import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import type { ConvertibleProtocol } from '../../../src/domain/channel/conversion.js';
import { channel } from './relay-world.js';
import { type Said, speakers } from './spoken-answers.js';
import type { Behaviour, TestUpstream, UpstreamRequestSeen } from './test-upstream.js';

/** Whether an upstream of any protocol was asked for pieces. */
export const isStreamed = ({ url, body }: UpstreamRequestSeen): boolean =>
  body['stream'] === true || url.includes(':streamGenerateContent');

/** Answers in the protocol, whole or in pieces as it is asked; each request may get an answer of its own. */
export const speaking =
  (protocol: ConvertibleProtocol, said: Said | ((request: UpstreamRequestSeen) => Said)): Behaviour =>
  (response, request) => {
    const answer = typeof said === 'function' ? said(request) : said;
    const streamed = isStreamed(request);
    response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
    const speaker = speakers[protocol];
    response.end(streamed ? speaker.pieces(answer).join('') : JSON.stringify(speaker.whole(answer)));
  };

/** A channel that speaks this protocol alone, and takes calls of all others. */
export function speakingChannel(
  id: string,
  protocol: ConvertibleProtocol,
  { url }: TestUpstream,
  more: Partial<ChannelSettings> = {},
) {
  const conversion: ChannelSettings['conversion'] = {
    from: ['messages', 'chat', 'responses', 'generate'],
    on_loss: 'drop',
    quirks: [],
  };
  return channel(id, url, { endpoints: { [protocol]: url }, conversion, ...more });
}

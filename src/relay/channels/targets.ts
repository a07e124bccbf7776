import type { Channel } from '../upstreams/channel.js';
import type { TargetScope } from '../upstreams/failure.js';

/** `model` is the upstream's name. */
export function targetOf(scope: TargetScope, { channelId, keyId }: Channel, model: string): string {
  switch (scope) {
    case 'channel':
      return channelId;
    case 'key':
      return `${channelId}/${keyId}`;
    case 'model':
      return `${channelId}#${model}`;
    case 'key-model':
      return `${channelId}/${keyId}#${model}`;
  }
}

/** Every target that a call to the channel depends on. */
export function targetsOf(channel: Channel, model: string): readonly string[] {
  return [
    targetOf('channel', channel, model),
    targetOf('key', channel, model),
    targetOf('model', channel, model),
    targetOf('key-model', channel, model),
  ];
}

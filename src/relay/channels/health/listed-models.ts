import { matchesModel } from '../../../domain/channel/models.js';
import type { Channel, OpenChannel } from '../../upstreams/channel.js';
import type { ModelsOffered } from './upstream-models.js';

export interface ListedModelsParts {
  /** Asks an upstream what it serves. Does not reject for what upstream does. */
  readonly ask: (channel: Channel) => Promise<Pick<ModelsOffered, 'outcome' | 'models'>>;
  /** By performance.now(). */
  readonly now: () => number;
}

interface Known {
  readonly models: readonly string[];
  readonly untilMs: number;
}

const KEPT_MS = 600_000;
/** Of an upstream that has no list, or is away. */
const REST_MS = 120_000;
/** Who asks for a list of models is not kept waiting for an upstream. */
const WITHIN_MS = 2_000;
/** In one list; a client that shows them shows no more. */
const MOST = 2_000;

/** The names behind channels' wildcards, as their upstreams list them: asked for when somebody wants to know, and kept for ten minutes. */
export class ListedModels {
  private readonly known = new Map<string, Known>();
  private readonly asking = new Map<string, Promise<void>>();

  constructor(private readonly parts: ListedModelsParts) {}

  /** Those that the channels' wildcards cover; of an upstream that has not answered in time, what it said before. */
  async behind(channels: readonly OpenChannel[]): Promise<readonly string[]> {
    const open = channels.filter(({ settings }) => settings.models.some((name) => name.includes('*')));
    const due = open.filter((channel) => (this.known.get(nameOf(channel))?.untilMs ?? 0) <= this.parts.now());
    if (due.length > 0) await soon(Promise.all(due.map((channel) => this.refreshed(channel))));
    const names = open.flatMap((channel) =>
      (this.known.get(nameOf(channel))?.models ?? []).filter((model) =>
        channel.settings.models.some((pattern) => matchesModel(pattern, model)),
      ),
    );
    return [...new Set(names)].sort().slice(0, MOST);
  }

  /** Forgets those of channels that are no more. */
  retain(channels: readonly OpenChannel[]): void {
    const names = new Set(channels.map(nameOf));
    for (const name of this.known.keys()) if (!names.has(name)) this.known.delete(name);
  }

  private refreshed(channel: OpenChannel): Promise<void> {
    const name = nameOf(channel);
    let asking = this.asking.get(name);
    if (!asking) {
      asking = this.ask(channel)
        .then((known) => void this.known.set(name, known))
        .finally(() => this.asking.delete(name));
      this.asking.set(name, asking);
    }
    return asking;
  }

  private async ask({ keys, ...channel }: OpenChannel): Promise<Known> {
    const { outcome, models } = await this.parts.ask(keys[0] as Channel);
    const isListed = outcome === 'answered';
    const untilMs = this.parts.now() + (isListed ? KEPT_MS : REST_MS);
    return { models: isListed ? models : (this.known.get(nameOf(channel))?.models ?? []), untilMs };
  }
}

/** Another address is another upstream. */
const nameOf = ({ channelId, settings }: Pick<OpenChannel, 'channelId' | 'settings'>): string =>
  `${channelId} ${settings.base_url}`;

async function soon(all: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WITHIN_MS);
  });
  await Promise.race([all.catch(() => undefined), late]);
  clearTimeout(timer);
}

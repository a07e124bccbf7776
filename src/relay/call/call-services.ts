import type { AccessKeys } from '../access/access-keys.js';
import type { BodyBudget } from '../body-budget.js';
import type { Gate } from '../access/gate.js';
import type { Catalogue } from '../catalogue.js';
import type { ListedModels } from '../channels/health/listed-models.js';
import type { KeyRetirement } from '../channels/retirement.js';
import type { ChannelTraffic } from '../channels/traffic.js';
import type { UpstreamPools } from '../upstreams/transport/pools.js';
import type { UploadStore } from '../multipart/upload-store.js';
import type { RelayDependencies } from '../ports.js';
import type { UpstreamCounts } from './upstream-counts.js';

/** Of what the relay is given, all but what the parts below are made from. */
type Given = Omit<
  RelayDependencies,
  'readModels' | 'hashKey' | 'openSecret' | 'upstreamTypes' | 'channelState' | 'disableKey'
>;

/** What all calls of a relay share. Who needs some of it says so: `Pick<CallServices, 'gate' | 'limits'>`. */
export interface CallServices extends Given {
  readonly gate: Gate;
  readonly keys: AccessKeys;
  readonly catalogue: Catalogue;
  readonly pools: UpstreamPools;
  readonly traffic: ChannelTraffic;
  readonly retirement: KeyRetirement;
  readonly counts: UpstreamCounts;
  readonly listed: ListedModels;
  readonly uploads: UploadStore;
  readonly bodies: BodyBudget;
}

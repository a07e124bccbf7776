import type { AccessKeys } from '../access/access-keys.js';
import type { Gate } from '../access/gate.js';
import type { Catalogue } from '../catalogue.js';
import type { KeyRetirement } from '../channels/retirement.js';
import type { ChannelTraffic } from '../channels/traffic.js';
import type { UpstreamPools } from '../upstreams/upstream-pools.js';
import type { UploadStore } from '../multipart/upload-store.js';
import type { RelayDependencies } from '../ports.js';
import type { UpstreamCounts } from './upstream-counts.js';

/** What all calls of a relay share. */
export interface RelayParts {
  readonly dependencies: RelayDependencies;
  readonly gate: Gate;
  readonly keys: AccessKeys;
  readonly catalogue: Catalogue;
  readonly pools: UpstreamPools;
  readonly traffic: ChannelTraffic;
  readonly retirement: KeyRetirement;
  readonly counts: UpstreamCounts;
  readonly uploads: UploadStore;
}

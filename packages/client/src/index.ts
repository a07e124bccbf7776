export {
  NewAPIClient,
  type CallOptions,
  type ClientOptions,
  type ReadOptions,
  type WriteOptions,
} from './client.js';
export { ApiError, isApiError, NoAnswer, type FailureFacts } from './errors.js';
export type { Answer, Envelope } from './answer.js';
export type { BatchLine } from './batch.js';
export type * from './shapes.js';

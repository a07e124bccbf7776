import type { IncomingMessage } from 'node:http';
import type { CallEnd } from './call-record.js';
import type { ClientResponse } from './client-response.js';
import { modelsFor } from './dialects/openai/models.js';
import { sendError } from './dialects/openai/send-error.js';
import { CallRefused } from './errors.js';
import type { RelayParts } from './relay-parts.js';

export const MODELS_PATH = '/v1/models';

/** `GET /v1/models` and `/v1/models/{id}`: what the key may call now. Never rejects. */
export async function listModels(
  { gate, catalogue, dependencies }: Pick<RelayParts, 'gate' | 'catalogue' | 'dependencies'>,
  request: IncomingMessage,
  client: ClientResponse,
  path: string,
): Promise<CallEnd> {
  try {
    const { key } = await gate.enter(request);
    const models = modelsFor(catalogue.current, key);
    if (path === MODELS_PATH) return answerJson(client, { object: 'list', data: models });
    const id = decodeModel(path.slice(MODELS_PATH.length + 1));
    const model = models.find((candidate) => candidate.id === id);
    return model ? answerJson(client, model) : sendError(client, { code: 'model_not_found', model: id });
  } catch (error) {
    if (error instanceof CallRefused) return sendError(client, error.refusal);
    dependencies.observer.fault('models', error);
    return sendError(client, { code: 'ledger_unavailable', retryAfterMs: 2_000 });
  }
}

function answerJson(client: ClientResponse, body: unknown): CallEnd {
  client.send(200, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify(body)));
  return { status: 200, code: undefined };
}

function decodeModel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

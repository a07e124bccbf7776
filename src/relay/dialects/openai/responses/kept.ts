import type { KeptEndpoint } from '../../endpoint.js';
import { openai } from '../dialect.js';
import {
  cancelResponseDocument,
  deleteResponseDocument,
  inputItemsDocument,
  retrieveResponseDocument,
} from './document.js';

/** Of a list's query and of an answer's; `stream` is for what runs in the background, which is not served. */
const ASKED = ['include', 'include[]', 'after', 'limit', 'order'];

function queryOf(query: URLSearchParams): string {
  const kept = new URLSearchParams([...query].filter(([name]) => ASKED.includes(name)));
  return kept.size === 0 ? '' : `?${kept.toString()}`;
}

const keptResponse = (
  method: KeptEndpoint['method'],
  below: '' | '/cancel' | '/input_items',
  document: KeptEndpoint['document'],
): KeptEndpoint => ({
  kind: 'kept',
  method,
  dialect: openai,
  name: `/v1/responses/{id}${below}`,
  document,
  asks: (id, query) => ({
    path: `/responses/${encodeURIComponent(id)}${below}`,
    query: queryOf(query),
  }),
});

export const retrieveResponse = keptResponse('GET', '', retrieveResponseDocument);
export const deleteResponse = keptResponse('DELETE', '', deleteResponseDocument);
export const cancelResponse = keptResponse('POST', '/cancel', cancelResponseDocument);
export const inputItems = keptResponse('GET', '/input_items', inputItemsDocument);

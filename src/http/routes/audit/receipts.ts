import { z } from 'zod';
import { endpoint, type BoundEndpoint } from '../../endpoint.js';
import { RECEIPT_TYPE, receiptAnswer, receiptInput } from '../receipt-file.js';
import { failureRows } from './failures.js';

const receipt = endpoint({
  method: 'get',
  area: 'audit',
  access: 'audit',
  path: '/receipts/{figure}',
  operationId: 'auditReceipt',
  summary: 'Write a receipt for a figure of anybody',
  description:
    'As front ends get it for their users: a `.tlog-proof` (C2SP) that is checked without this service.',
  input: z.object(receiptInput),
  data: z.string(),
  answersText: [RECEIPT_TYPE],
  refusals: [],
  failures: failureRows('figure_not_found', 'receipts_off', 'not_signed_yet'),
  example: { data: '' },
  handle: async ({ figure, position }, { receipts }) => receiptAnswer(receipts, { figure, position }),
});

export const receiptEndpoints: readonly BoundEndpoint[] = [receipt];

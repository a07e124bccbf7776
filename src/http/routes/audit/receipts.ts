import { z } from 'zod';
import { endpoint, type BoundEndpoint } from '../../endpoint.js';
import { externalUserIdField } from '../../fields.js';
import {
  answersFile,
  balanceProofAnswer,
  balanceProofInput,
  provesBalance,
  receiptAnswer,
  receiptInput,
} from '../receipt-file.js';
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
  ...answersFile,
  failures: failureRows('figure_not_found', 'receipts_off', 'not_signed_yet'),
  handle: async ({ figure, position }, { receipts }) => receiptAnswer(receipts, { figure, position }),
});

const balanceProof = endpoint({
  method: 'get',
  area: 'audit',
  access: 'audit',
  path: '/users/{external_user_id}/balance-proof',
  operationId: 'auditBalanceProof',
  summary: 'Prove the balance of anybody',
  ...provesBalance,
  input: z.object({ external_user_id: externalUserIdField, ...balanceProofInput }),
  handle: async ({ external_user_id: externalUserId, as_of: asOf }, { receipts }) =>
    balanceProofAnswer(asOf, receipts.ofBalance({ externalUserId, asOf })),
});

export const receiptEndpoints: readonly BoundEndpoint[] = [receipt, balanceProof];

import { z } from 'zod';
import { endpoint } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import {
  answersFile,
  balanceProofAnswer,
  balanceProofInput,
  provesBalance,
  receiptAnswer,
  receiptInput,
} from '../../receipt-file.js';
import { failureRows } from '../../audit/failures.js';

export const receiptEndpoint = endpoint({
  method: 'get',
  path: '/{external_user_id}/receipts/{figure}',
  access: 'read',
  operationId: 'getReceipt',
  summary: 'Write a receipt for a figure of a user',
  description:
    'A `.tlog-proof` (C2SP) that proves to whoever knows the log’s key that the ledger wrote down this payment, refund, adjustment or charge; it is checked without this service. It says all that the event says, of a charge also which channel served it. There is one ten seconds after the event.',
  input: z.object({ external_user_id: externalUserIdField, ...receiptInput }),
  ...answersFile,
  failures: failureRows('account_not_found', 'figure_not_found', 'receipts_off', 'not_signed_yet'),
  handle: async ({ external_user_id: externalUserId, figure, position }, { receipts }) =>
    receiptAnswer(receipts, { externalUserId, figure, position }),
});

export const balanceProofEndpoint = endpoint({
  method: 'get',
  path: '/{external_user_id}/balance-proof',
  access: 'read',
  operationId: 'getBalanceProof',
  summary: 'Prove the balance of a user',
  ...provesBalance,
  input: z.object({ external_user_id: externalUserIdField, ...balanceProofInput }),
  handle: async ({ external_user_id: externalUserId, as_of: asOf }, { receipts }) =>
    balanceProofAnswer(asOf, receipts.ofBalance({ externalUserId, asOf })),
});

import { z } from 'zod';
import type { ListedMail } from '../../../../commands/login/ports.js';
import { type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { emailField } from '../../../fields.js';
import { complaints } from '../../../validation.js';
import { pageInput, seconds } from '../paging.js';

const mailData = z.object({
  id: z.string(),
  kind: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string().nullable().meta({ description: 'where it is kept only: links in it are for its reader' }),
  state: z.enum(['waiting', 'sent', 'failed', 'kept']).meta({
    description: '`kept`: there is no server to send it by (`SMTP_URL`)',
  }),
  attempts: z.int(),
  answer: z.string().nullable().meta({ description: 'what the server said last' }),
  created_at: z.int().meta({ description: 'unix seconds' }),
  next_at: z.int().nullable().meta({ description: 'of the next attempt' }),
});

const present = ({ createdAt, nextAt, ...mail }: ListedMail) => ({
  ...mail,
  created_at: seconds(createdAt),
  next_at: nextAt && seconds(nextAt),
});

const example = {
  id: '5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10',
  kind: 'verify',
  to: 'alice@example.com',
  subject: '请验证您的邮箱',
  text: null,
  state: 'sent',
  attempts: 1,
  answer: '250 2.0.0 OK',
  created_at: 1795219200,
  next_at: null,
};

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/mails',
  access: 'mail:read',
  operationId: 'adminListMails',
  summary: 'List mails',
  description:
    'The newest first: what waits, what was sent, what was given up after a day, with the answer of the server. They are kept for 30 days; what they said is forgotten once they were sent, and shown only where there is no server to send it by. `next` is to be given as `before`.',
  input: z.object({ before: z.uuid().optional(), limit: pageInput.limit }),
  data: z.object({ mails: z.array(mailData), next: z.string().nullable() }),
  refusals: [],
  example: { data: { mails: [example], next: null } },
  handle: async ({ before, limit }, { admin }) => {
    const mails = await admin.listMails({ before, limit });
    return {
      data: { mails: mails.map(present), next: mails.length < limit ? null : (mails.at(-1)?.id ?? null) },
    };
  },
});

const queued = { zh: '测试邮件已加入队列', en: 'The test mail is queued' };

const test = endpoint({
  method: 'post',
  area: 'admin',
  path: '/mails/test',
  access: 'mail:write',
  operationId: 'adminTestMail',
  summary: 'Send a test mail',
  description: 'Through the queue, as every mail; the list shows what the server said.',
  input: z.object({
    to: emailField.refine((value) => value !== '', { params: complaints.required }),
    language: z.enum(['zh', 'en']).optional(),
  }),
  data: z.object({}),
  messages: [queued],
  refusals: [],
  example: { request: { to: 'ops@example.com', language: 'en' }, data: {} },
  handle: async ({ to, language = 'zh' }, { admin }) => {
    await admin.testMail(to, language);
    return { message: queued, data: {} };
  },
});

export const mailEndpoints: readonly BoundEndpoint[] = [list, test];

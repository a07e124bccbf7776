import { messagesMembers } from '../anthropic/messages/members.js';
import { generateMembers } from '../gemini/generate/members.js';
import { chatMembers } from '../openai/chat/members.js';
import { plainMembers } from '../openai/members.js';
import { responsesMembers } from '../openai/responses/members.js';
import { headerTable } from './headers.js';
import type { MemberTable } from './table.js';

/** The tables of all endpoints that have one. */
export const memberTables: readonly MemberTable[] = [
  chatMembers,
  responsesMembers,
  messagesMembers,
  generateMembers,
  plainMembers,
  headerTable,
];

import { writeFile } from 'node:fs/promises';
import { memberTables } from '../relay/dialects/request-members/all.js';
import { pageOf } from '../relay/dialects/request-members/page.js';

// Writes docs/request-members.md from the tables that the relay judges by; CI fails when they differ.
await writeFile('docs/request-members.md', pageOf(memberTables));

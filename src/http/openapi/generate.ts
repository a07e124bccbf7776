import { writeFile } from 'node:fs/promises';
import { defaultHttpSettings } from '../ports.js';
import { apiEndpoints } from '../routes/endpoints.js';
import { openApiDocument } from './document.js';

// Run by `npm run generate:openapi`: writes the document to the file named on the command line. CI fails when it differs.
const [, , file = 'docs/openapi.json'] = process.argv;
const document = openApiDocument(apiEndpoints(defaultHttpSettings.topupLimits));
await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);

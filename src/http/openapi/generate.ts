import { writeFile } from 'node:fs/promises';
import { defaultHttpSettings } from '../ports.js';
import { apiEndpoints } from '../routes/endpoints.js';
import { openApiDocument } from './document.js';
import { errorCodesPage } from './error-codes.js';

// Run by `npm run generate:openapi`: writes the document and the page of error codes to the files named on the command line. CI fails when they differ.
const [, , file = 'docs/openapi.json', page = 'docs/error-codes.md'] = process.argv;
const endpoints = apiEndpoints(defaultHttpSettings.topupLimits);
await writeFile(file, `${JSON.stringify(await openApiDocument(endpoints), null, 2)}\n`);
await writeFile(page, errorCodesPage(endpoints));

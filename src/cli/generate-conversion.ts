import { writeFile } from 'node:fs/promises';
import { conversionPage } from '../relay/conversions/page.js';

// Writes docs/conversion.md from the table that the relay converts by; CI fails when they differ.
await writeFile('docs/conversion.md', conversionPage());

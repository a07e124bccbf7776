import { checkBoundaries } from './boundaries.js';
import { sayCircle } from './circles.js';

/** `npm run boundaries`: the arrows between the folders of src, and circles between them. */
const { broken, circles, report } = await checkBoundaries(process.cwd());
console.log(report.trim());
for (const circle of circles) console.log(sayCircle(circle));
process.exitCode = broken.length > 0 || circles.length > 0 ? 1 : 0;

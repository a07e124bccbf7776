import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Asset {
  readonly type: string;
  readonly load: () => Promise<Buffer | string>;
}

/** Files of swagger-ui-dist, found where npm put it: loading the package itself would run its bundle. */
const packageDirectory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

function packaged(name: string, type: string): Asset {
  let contents: Promise<Buffer> | undefined;
  return { type, load: () => (contents ??= readFile(join(packageDirectory, name))) };
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Counterfoil API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/initializer.js"></script>
  </body>
</html>
`;

/** `validatorUrl: null`: the page must not send the document to another host to be judged. */
const INITIALIZER = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
});
`;

const written = (text: string, type: string): Asset => ({ type, load: () => Promise.resolve(text) });

export const documentationAssets: ReadonlyMap<string, Asset> = new Map([
  ['/docs', written(PAGE, 'text/html; charset=utf-8')],
  ['/docs/initializer.js', written(INITIALIZER, 'text/javascript; charset=utf-8')],
  ['/docs/swagger-ui.css', packaged('swagger-ui.css', 'text/css; charset=utf-8')],
  ['/docs/swagger-ui-bundle.js', packaged('swagger-ui-bundle.js', 'text/javascript; charset=utf-8')],
  ['/docs/favicon-32x32.png', packaged('favicon-32x32.png', 'image/png')],
]);

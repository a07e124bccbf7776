import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../test/support/eventually.js';
import { freePort } from '../../../test/support/free-port.js';
import { CHAT_PATH, JSON_HEADERS, type Subject } from './subject.js';

/** The floor: `proxy_pass` with kept connections, nothing buffered, nothing logged. Debian: `apt-get install nginx-light`. */
export async function startNginx(upstreamPort: number): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-nginx-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, port, upstreamPort));
  const child = spawn('nginx', ['-c', file, '-p', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  await Promise.race([failed, eventually(() => answers(port), { timeoutMs: 10_000 })]);
  return {
    name: 'nginx proxy_pass',
    url: `http://127.0.0.1:${port}`,
    path: CHAT_PATH,
    headers: JSON_HEADERS,
    pids: [child.pid as number],
    helpers: [],
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/floor`).catch(() => undefined);
  return response?.status === 204;
}

function configuration(folder: string, port: number, upstreamPort: number): string {
  return `daemon off;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 16m;
  client_body_buffer_size 128k;
  keepalive_requests 1000000;
  upstream model { server 127.0.0.1:${upstreamPort}; keepalive 512; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /floor { return 204; }
    location / {
      proxy_pass http://model;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}

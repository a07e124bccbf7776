import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/config.js';
import { variables } from '../../src/config-variables.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { grantService, mayChangeLog } from '../../src/postgres/service-role.js';
import { createTestDatabase } from '../support/postgres.js';

const serviceSchema = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  healthcheck: z.unknown().optional(),
});
const composeSchema = z.looseObject({ services: z.record(z.string(), serviceSchema) });

/** What an operator exports before `docker compose up`, for the variables that the file asks for. */
const exported: Record<string, string> = {
  MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  POSTGRES_PASSWORD: 'owner-password',
  POSTGRES_SERVICE_PASSWORD: 'test-password',
  SERVICE_KEYS: 'front-end-test-key-1',
};

/** `${NAME:-default}` and `${NAME:?message}` as compose reads them. */
const interpolate = (text: string) =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind?: string, rest?: string) => {
    const value = exported[name] ?? (kind === '-' ? (rest ?? '') : undefined);
    if (value === undefined) throw new Error(`${name} is asked for and not documented: ${rest ?? ''}`);
    return value;
  });

const interpolated = () => interpolate(readFileSync('docker-compose.yml', 'utf8'));
const compose = composeSchema.parse(parse(interpolated(), { merge: true }));
const ours = Object.entries(compose.services).filter(
  ([name, service]) => service.image.startsWith('counterfoil:') && name !== 'migrate',
);

describe('docker-compose.yml', () => {
  it('runs everything in one service, or the roles apart', () => {
    const roles = Object.fromEntries(
      ours.map(([name, { environment, profiles }]) => [name, [environment?.ROLE, profiles]]),
    );
    expect(roles).toEqual({
      counterfoil: ['all', ['all']],
      api: ['api', ['roles']],
      relay: ['relay', ['roles']],
      projector: ['projector', ['roles']],
      secure: [undefined, ['secure']],
    });
  });

  it('gives the log time to stop, an end to its memory, and what it caches a size', () => {
    const { eventstore } = compose.services;
    expect(Number.parseInt(String(eventstore?.stop_grace_period))).toBeGreaterThanOrEqual(30);
    expect(eventstore?.mem_limit).toBe('2g');
    expect(eventstore?.environment?.EVENTSTORE_STREAM_INFO_CACHE_CAPACITY).toBe('100000');
  });

  it('has the rights of the log written as a step, by a login that no service has', () => {
    const { secure } = compose.services;
    expect(secure?.command).toEqual(['node', 'dist/cli/main.js', 'eventstore', 'secure']);
    expect(secure?.restart).toBe('no');
    exported.EVENTSTORE_ADMIN_URL = 'esdb://admin:admin-password@eventstore:2113';
    const asAdministrator = composeSchema.parse(parse(interpolated(), { merge: true })).services;
    delete exported.EVENTSTORE_ADMIN_URL;
    const knowing = Object.entries(asAdministrator).filter(([, service]) =>
      JSON.stringify(service).includes('admin-password'),
    );
    expect(knowing.map(([name]) => name)).toEqual(['secure']);
  });

  it('has a folder for backups where the commands are given', () => {
    for (const name of ['counterfoil', 'api'])
      expect(compose.services[name]?.volumes).toContain('backup-data:/var/backups/counterfoil');
  });

  it.each(ours)(
    'gives %s only variables that the configuration knows, with values it accepts',
    (_name, { environment = {} }) => {
      for (const name of Object.keys(environment)) expect(Object.keys(variables)).toContain(name);
      expect(readConfig(environment)).toMatchObject({
        eventStoreUrl: 'esdb://eventstore:2113?tls=false',
        databaseUrl: 'postgres://counterfoil_service:test-password@postgres:5432/counterfoil',
        databaseOwnerUrl: undefined,
        redisUrl: 'redis://redis:6379',
      });
    },
  );

  it('starts the service on healthy servers only', () => {
    for (const [, service] of ours) {
      expect(service.depends_on).toEqual({
        eventstore: { condition: 'service_healthy' },
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
      });
    }
    for (const name of ['eventstore', 'postgres', 'redis'])
      expect(compose.services[name]?.healthcheck).toBeDefined();
  });

  it('gives the process longer to stop than its own deadline', () => {
    for (const [, { environment, stop_grace_period }] of ours) {
      expect(Number.parseInt(String(stop_grace_period)) * 1000).toBeGreaterThan(
        Number(environment?.SHUTDOWN_DEADLINE_MS),
      );
    }
  });
});

describe('who owns the tables, in docker-compose.yml', () => {
  const { migrate: migration, 'service-role': maker, postgres } = compose.services;

  it('is known to the service that migrates alone, and it is over before the others start', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const knows = JSON.stringify(service).includes('owner-password');
      expect([name, knows]).toEqual([name, ['migrate', 'service-role', 'postgres'].includes(name)]);
    }
    expect(migration).toMatchObject({
      restart: 'no',
      profiles: ['all', 'roles'],
      command: ['node', 'dist/cli/main.js', 'migrate'],
      depends_on: { 'service-role': { condition: 'service_completed_successfully' } },
    });
    const { databaseUrl, databaseOwnerUrl } = readConfig(migration?.environment ?? {});
    expect([databaseUrl, databaseOwnerUrl].map((url) => new URL(url ?? '').username)).toEqual([
      'counterfoil_service',
      postgres?.environment?.POSTGRES_USER,
    ]);
    expect(maker).toMatchObject({ image: postgres?.image, profiles: ['all', 'roles'] });
  });

  it('gives the service, also of a database that had one role, a role that cannot change the log', async () => {
    const database = await createTestDatabase({ empty: true });
    const service = new URL(database.url);
    [service.username, service.password] = ['counterfoil_service', 'test-password'];
    try {
      await migrate(database.pool);
      const sql = readFileSync('samples/postgres-service-role.sql', 'utf8');
      for (const password of ['test-password-before', 'test-password']) {
        const options = `-c counterfoil.service_password=${password}`;
        expect(options.replace('-before', '')).toBe(maker?.environment?.PGOPTIONS);
        const asOwner = new URL(database.url);
        asOwner.searchParams.set('options', options);
        const owner = createPool({ connectionString: asOwner.href, max: 1, applicationName: 'test' });
        try {
          await owner.query(sql);
        } finally {
          await owner.end();
        }
      }
      await grantService(database.pool, 'counterfoil_service');
      const pool = createPool({ connectionString: service.href, max: 1, applicationName: 'test' });
      try {
        expect(await mayChangeLog(pool)).toBe(false);
        await expect(pool.query('DELETE FROM events')).rejects.toThrow('permission denied');
        expect(await migrate(pool)).toEqual([]);
      } finally {
        await pool.end();
      }
    } finally {
      await database.pool.query('DROP OWNED BY counterfoil_service CASCADE; DROP ROLE counterfoil_service');
      await database.drop();
    }
  });
});

describe('images', () => {
  const script = resolve('.ci/images.mjs');
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'counterfoil-images-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (directory: string, ...args: string[]): { readonly ok: boolean; readonly lines: string[] } => {
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    try {
      const out = execFileSync(process.execPath, [script, ...args], {
        cwd: directory,
        env,
        encoding: 'utf8',
      });
      return { ok: true, lines: out.trim().split('\n') };
    } catch (error) {
      return {
        ok: false,
        lines: String((error as { stdout?: unknown }).stdout)
          .trim()
          .split('\n'),
      };
    }
  };

  it('are named by digest, all but the one whose digest a release has to ask for', () => {
    const { ok, lines } = run('.');
    const named = lines.map((line) => line.replace(/^\S+: /, ''));
    const foreign = Object.values(compose.services)
      .map(({ image }) => image)
      .filter((image) => !image.startsWith('counterfoil:'));
    const bases = [...readFileSync('Dockerfile', 'utf8').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(named.map((line) => line.split(' ')[0]))).toEqual(new Set([...bases, ...foreign]));
    const unpinned = named.filter((line) => !/@sha256:[0-9a-f]{64}$/.test(line));
    expect(unpinned).toEqual([
      'docker.eventstore.com/eventstore/eventstoredb-ee:24.10  is named by tag alone',
    ]);
    expect(ok).toBe(false);
  });

  it('are pinned to what the registry has, and refused where it has something else', () => {
    for (const file of ['Dockerfile', 'docker-compose.yml']) copyFileSync(file, join(folder, file));
    const platforms = ['amd64', 'arm64'].map((architecture) => ({ platform: { os: 'linux', architecture } }));
    const answer = (manifest: string) => {
      writeFileSync(join(folder, 'docker'), `#!/bin/sh\nprintf '%s' '${manifest}'\n`);
      chmodSync(join(folder, 'docker'), 0o755);
    };
    const whole = JSON.stringify({ manifests: platforms });
    answer(whole);
    expect(run(folder, '--verify').ok).toBe(false);
    const pinned = run(folder, '--pin');
    expect([pinned.ok, pinned.lines.length]).toEqual([true, 4]);
    const digest = createHash('sha256').update(whole).digest('hex');
    for (const line of pinned.lines) expect(line).toMatch(new RegExp(`:[\\w.-]+@sha256:${digest}$`));
    expect(run(folder, '--verify')).toEqual(pinned);
    answer(JSON.stringify({ manifests: platforms.slice(0, 1) }));
    expect(run(folder, '--verify').lines[0]).toContain('is answered with sha256:');
    run(folder, '--pin');
    const { ok, lines } = run(folder, '--verify');
    expect([ok, lines[0]]).toEqual([false, expect.stringContaining('has nothing for linux/arm64')]);
  });
});

/** What the README has people write secrets into, beside the sample that it is copied from. */
const SECRET_FILES = ['.env', 'bootstrap.local.yaml'];
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe('files that people write secrets into', () => {
  it('are ignored by git, wherever they lie', () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-ignored-'));
    try {
      const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
      git('init', '--quiet');
      copyFileSync('.gitignore', join(folder, '.gitignore'));
      const secret = [...SECRET_FILES, ...SECRET_FILES.map((name) => `deploy/${name}`)];
      expect(
        git('check-ignore', ...secret, 'samples/bootstrap.yaml')
          .trim()
          .split('\n'),
      ).toEqual(secret);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are no part of an image: what goes into one is named, and they are taken out of folders that go in whole', () => {
    const lines = linesOf('.dockerignore');
    expect(lines[0]).toBe('*');
    const lastNamed = lines.findLastIndex((line) => line.startsWith('!'));
    for (const name of SECRET_FILES) {
      expect(lines).not.toContain(`!${name}`);
      expect(lines.indexOf(`**/${name}`)).toBeGreaterThan(lastNamed);
    }
  });
});

it('whatever an image is made of is let in', () => {
  const named = linesOf('.dockerignore').filter((line) => line.startsWith('!'));
  const sources = linesOf('Dockerfile')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(sources).toContain('src');
  const left = sources.filter(
    (source) => !named.some((line) => `${source}/`.startsWith(`${line.slice(1)}/`)),
  );
  expect(left).toEqual([]);
});

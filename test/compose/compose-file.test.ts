import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/config.js';
import { variables } from '../../src/config-variables.js';

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
  POSTGRES_PASSWORD: 'test-password',
  SERVICE_KEYS: 'front-end-test-key-1',
};

/** `${NAME:-default}` and `${NAME:?message}` as compose reads them. */
const interpolate = (text: string) =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind?: string, rest?: string) => {
    const value = exported[name] ?? (kind === '-' ? (rest ?? '') : undefined);
    if (value === undefined) throw new Error(`${name} is asked for and not documented: ${rest ?? ''}`);
    return value;
  });

const compose = composeSchema.parse(
  parse(interpolate(readFileSync('docker-compose.yml', 'utf8')), { merge: true }),
);
const ours = Object.entries(compose.services).filter(([, service]) =>
  service.image.startsWith('counterfoil:'),
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
    });
  });

  it.each(ours)(
    'gives %s only variables that the configuration knows, with values it accepts',
    (_name, { environment = {} }) => {
      for (const name of Object.keys(environment)) expect(Object.keys(variables)).toContain(name);
      expect(readConfig(environment)).toMatchObject({
        eventStoreUrl: 'esdb://eventstore:2113?tls=false',
        databaseUrl: 'postgres://counterfoil:test-password@postgres:5432/counterfoil',
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

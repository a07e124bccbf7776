import { answer, api } from '../api/client.ts';
import type { SessionDesk } from '../sessions/session-desk.ts';

/** Where the person who looks is signed in. */
export const personSessions: SessionDesk = {
  key: ['sessions'],
  list: async (signal) => (await answer(api.GET('/api/auth/sessions', { signal }))).data.sessions,
  end: (id) => answer(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })),
  endOthers: async () => (await answer(api.POST('/api/auth/sessions/end-others'))).data.ended,
};

/** Where the operator who looks is logged in. */
export const operatorSessions: SessionDesk = {
  key: ['admin', 'sessions'],
  list: async (signal) => (await answer(api.GET('/api/admin/sessions', { signal }))).data.sessions,
  end: (id) => answer(api.DELETE('/api/admin/sessions/{id}', { params: { path: { id } } })),
  endOthers: async () => (await answer(api.POST('/api/admin/sessions/end-others'))).data.ended,
};

/** Where another operator is logged in, for an admin. */
export const sessionsOfOperator = (name: string): SessionDesk => ({
  key: ['admin', 'sessions', name],
  list: async (signal) =>
    (await answer(api.GET('/api/admin/operators/{name}/sessions', { signal, params: { path: { name } } })))
      .data.sessions,
  end: (id) =>
    answer(api.DELETE('/api/admin/operators/{name}/sessions/{id}', { params: { path: { name, id } } })),
});

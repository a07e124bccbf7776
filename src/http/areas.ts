/** The parts of the API and where they lie. */
export const areas = {
  external: '/api/user/external',
  auth: '/api/auth',
  user: '/api/user',
  audit: '/api/audit',
  admin: '/api/admin',
  open: '/api',
} as const;
export type Area = keyof typeof areas;

/** An endpoint's path from the root, parameters in braces. */
export const fullPath = ({ area, path }: { readonly area?: Area; readonly path: string }): string =>
  areas[area ?? 'external'] + path;

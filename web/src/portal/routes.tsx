import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { rootRoute } from '../root-route.tsx';

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/portal',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told
    throw redirect({ to: '/portal/models' });
  },
});

const shell = createRoute({
  getParentRoute: () => rootRoute,
  id: '_portal',
  component: lazyRouteComponent(() => import('./portal-shell.tsx'), 'PortalShell'),
});

const models = createRoute({
  getParentRoute: () => shell,
  path: '/portal/models',
  validateSearch: ({
    group,
    q,
  }: Record<string, unknown>): { group?: string | undefined; q?: string | undefined } => ({
    ...(typeof group === 'string' && { group }),
    ...(typeof q === 'string' && { q }),
  }),
  component: lazyRouteComponent(() => import('./models/models-page.tsx'), 'ModelsPage'),
});

/** The pages of the Portal: each is loaded when it is gone to. */
export const portalRoutes = [home, shell.addChildren([models])] as const;
